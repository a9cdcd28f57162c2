package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bufferyard.allocator.iommu.Domains.ANY;
import static org.bufferyard.allocator.iommu.Domains.IN;
import static org.bufferyard.allocator.iommu.Domains.P;
import static org.bufferyard.allocator.iommu.Domains.SMALL;
import static org.bufferyard.allocator.iommu.Domains.frames;
import static org.bufferyard.allocator.iommu.Domains.map;
import static org.bufferyard.allocator.iommu.Domains.refuses;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/** Segments, addresses, invalidations and directions at their limits. */
class DomainLimitsTest {
  private final IommuDomain domain = new IommuDomain(SMALL);

  @Test
  void map_rangeThatJustIsOneSegment_orTwo() {
    DmaConstraints limits = ANY.withMaxSegmentBytes(4 * P).withBoundaryMask(8 * P - 1);
    map(domain, 40, 1);
    SgTable whole = done(domain.map(frames(1, 3, 5, 7), IN, limits));
    assertThat(whole.nents()).isOne();
    assertThat(whole.lengthBytes(0)).isEqualTo(4 * P);
    map(domain, 41, 1);
    SgTable two = done(domain.map(frames(1, 3, 5, 7, 9), IN, limits));
    assertThat(two.nents()).isEqualTo(2);
    assertThat(two.lengthBytes(1)).isEqualTo(P);
    assertThat(two.address(1)).isEqualTo(two.address(0) + 4 * P);
    assertThat(domain.translate(two.address(0), false)).isOne();
    assertThat(domain.translate(two.address(1), false)).isEqualTo(9);
    DmaConstraints one = limits.withMaxSegments(1);
    map(domain, 42, 1);
    refuses(
        domain,
        Errno.E2BIG,
        "too many segments, needed=2, maxSegments=1",
        () -> domain.map(frames(1, 3, 5, 7, 9), IN, one));
    refuses(
        domain,
        Errno.E2BIG,
        "too many segments, needed=2, maxSegments=1",
        () -> domain.mapAt(8 * P, frames(1, 3, 5, 7, 9), IN, one));
    refuses(
        domain,
        Errno.E2BIG,
        "too many segments, needed=2, maxSegments=1",
        () -> domain.map(PhysicalSgList.of(P, 3 * P, 9 * P, 2 * P), IN, one));
    refuses(
        domain,
        Errno.E2BIG,
        "too many segments, needed=2, maxSegments=1",
        () -> domain.mapBatch(List.of(frames(1), frames(1, 3, 5, 7, 9)), IN, one));
    assertThat(domain.mapBatchPfns(new long[5], 0, 1, 5, IN, one)).isEqualTo(-7);
    assertThat(domain.mapBatchPfns(new long[8], 0, 2, 4, IN, one)).isNotNegative();
  }

  @Test
  void mapInto_returnsTheFirstAddressOfWhatItBuilt() {
    SgBuilder out = new SgBuilder();
    DmaConstraints limits = ANY.withMaxSegmentBytes(4 * P);
    for (Extents extents : List.of(frames(3), frames(3, 5, 7, 9, 11))) {
      long iova = domain.mapInto(out, extents, IN, limits);
      assertThat(out.table().address(0)).isEqualTo(iova);
      assertThat(domain.unmapNow(iova, extents.totalPages() * P)).isEqualTo(extents.totalPages());
    }
    assertThat(domain.mapInto(out, Extents.NONE, IN, limits)).isEqualTo(-22);
  }

  @Test
  void mapList_neighbours_joinUpToTheSegmentLimitAndTheBoundary() {
    DmaConstraints limits = ANY.withMaxSegmentBytes(16 * P);
    long[][] cases = {{8, 8, 1, 16}, {8, 9, 2, 17}, {10, 10, 2, 20}, {1, 15, 1, 16}};
    for (long[] one : cases) {
      PhysicalSgList list = PhysicalSgList.of(P, one[0] * P, 90 * P, one[1] * P);
      MappedList mapped = done(domain.map(list, IN, limits));
      assertThat(mapped.table().nents()).isEqualTo((int) one[2]);
      assertThat(mapped.iovaBytes()).isEqualTo(one[3] * P);
    }
    DmaConstraints bounded = ANY.withBoundaryMask(16 * P - 1);
    PhysicalSgList exact = PhysicalSgList.of(P, 8 * P, 90 * P, 8 * P);
    assertThat(done(domain.map(exact, IN, bounded)).iovaBytes()).isEqualTo(16 * P);
    PhysicalSgList crossing = PhysicalSgList.of(P, 8 * P, 90 * P, 9 * P);
    assertThat(done(domain.map(crossing, IN, bounded)).iovaBytes()).isEqualTo(25 * P);
  }

  @Test
  void write_pagesThatTranslateThoughTheRangeWasFree_isAnInternalError() {
    DomainSpace space = new DomainSpace(SMALL);
    assertThat(space.table.map(5, 9, 1, PageTable.READ)).isZero();
    assertThatIllegalStateException()
        .isThrownBy(() -> space.writeExtents(5, frames(3), PageTable.READ))
        .withMessage("an allocated IOVA range translates already");
  }

  @Test
  void mapAt_addressesAtTheSpacesEdges_andBeyond() {
    long space = 1L << 26;
    for (long[] wrong : new long[][] {{0, 1}, {P + 1, 1}, {space - P, 2}, {space, 1}}) {
      refuses(
          domain,
          Errno.EINVAL,
          "bad address, iova=" + wrong[0] + ", pages=" + wrong[1],
          () -> domain.mapAt(wrong[0], Extents.of(3, wrong[1]), IN, ANY));
    }
    refuses(
        domain,
        Errno.EIO,
        "segment 0 above the DMA mask, last byte 36863, dmaMask=32767",
        () -> domain.mapAt(7 * P, Extents.of(3, 2), IN, ANY.withDmaMask(8 * P - 1)));
    done(domain.mapAt(7 * P, Extents.of(3, 1), IN, ANY.withDmaMask(8 * P - 1)));
    done(domain.mapAt(space - 3 * P, Extents.of(3, 3), IN, ANY));
    done(domain.mapAt(P, Extents.of(3, 3), IN, ANY));
    refuses(
        domain,
        Errno.EADDRINUSE,
        "range in use, iova=12288, pages=2",
        () -> domain.mapAt(3 * P, Extents.of(9, 2), IN, ANY));
    assertThat(domain.iovaPagesInUse()).isEqualTo(7);
    assertThat(done(domain.unmap(P, 3 * P)).pages()).isEqualTo(3);
    assertThat(domain.iovaPagesInUse()).isEqualTo(4);
    assertThat(done(domain.mapAt(3 * P, Extents.of(9, 2), IN, ANY)).address(0)).isEqualTo(3 * P);
  }

  @Test
  void unmap_everythingButTheMappingItself_isRefused() {
    long iova = map(domain, 5, 3);
    refuses(
        domain,
        Errno.EINVAL,
        "mapped with another length, iova=" + iova + ", length=4096, mapped=12288",
        () -> domain.unmap(iova, P));
    refuses(
        domain,
        Errno.EINVAL,
        "inside a mapping, iova=" + (iova + 1),
        () -> domain.unmap(iova + 1, 3 * P));
    refuses(
        domain,
        Errno.EINVAL,
        "inside a mapping, iova=" + (iova + P),
        () -> domain.unmap(iova + P, 2 * P));
    refuses(
        domain,
        Errno.ENOENT,
        "nothing mapped, iova=" + (iova + 3 * P),
        () -> domain.unmap(iova + 3 * P, P));
    refuses(domain, Errno.ENOENT, "nothing mapped, iova=0", () -> domain.unmap(0, P));
    assertThat(domain.unmapNow(iova, 3 * P)).isEqualTo(3);
    refuses(domain, Errno.ENOENT, "nothing mapped, iova=" + iova, () -> domain.unmap(iova, 3 * P));
  }

  @Test
  void unmap_oneOfTwoNeighbours_invalidatesItsOwnEntriesOnly() {
    long one = map(domain, 5, 1);
    long two = map(domain, 6, 1);
    assertThat(domain.translate(one, false)).isEqualTo(5);
    assertThat(domain.translate(two, false)).isEqualTo(6);
    assertThat(done(domain.unmap(one, P)).invalidation()).isOne();
    assertThat(domain.translate(one, false)).isEqualTo(FaultReason.NOT_MAPPED.code());
    assertThat(domain.translate(two, false)).isEqualTo(6);
    assertThat(domain.pendingInvalidations()).isZero();
    assertThat(domain.isMapped(one)).isFalse();
    assertThat(domain.isMapped(two)).isTrue();
  }

  @Test
  void lazy_queue_holdsItsEntriesAndOneMoreFlushesThem() {
    IommuDomain lazy =
        new IommuDomain(SMALL.withInvalidation(Invalidation.LAZY).withLimits(2, 4, 64, 64));
    long[] iovas = {map(lazy, 1, 1), map(lazy, 2, 1), map(lazy, 3, 1)};
    for (long iova : iovas) {
      assertThat(lazy.translate(iova, false)).isPositive();
    }
    lazy.unmapNow(iovas[0], P);
    long ticket = lazy.beginFlush();
    lazy.unmapNow(iovas[1], P);
    assertThat(lazy.pendingInvalidations()).isEqualTo(2);
    assertThat(lazy.iovaPagesInUse()).isEqualTo(3);
    lazy.completeFlush(ticket);
    assertThat(lazy.pendingInvalidations()).isOne();
    assertThat(lazy.completedInvalidations()).isOne();
    assertThat(lazy.iovaPagesInUse()).isEqualTo(2);
    lazy.unmapNow(iovas[2], P);
    long fourth = map(lazy, 4, 1);
    assertThat(fourth).isEqualTo(iovas[0]);
    lazy.unmapNow(fourth, P);
    assertThat(lazy.pendingInvalidations()).isOne();
    assertThat(lazy.completedInvalidations()).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lazy.completeFlush(5))
        .withMessage("no such flush, ticket=5");
    lazy.completeFlush(4);
    assertThat(lazy.iovaPagesInUse()).isZero();
    assertThat(lazy.translate(iovas[2], false)).isEqualTo(FaultReason.NOT_MAPPED.code());
  }

  @Test
  void lazy_spaceThatWaitsForAFlush_isFlushedForTheRequest() {
    IommuDomain lazy =
        new IommuDomain(
            DomainSettings.ofBits(21)
                .withInvalidation(Invalidation.LAZY)
                .withReserved(List.of(new IovaRange(0, 256 * P))));
    long iova = map(lazy, 1, 256);
    lazy.unmapNow(iova, 256 * P);
    assertThat(map(lazy, 9, 256)).isEqualTo(iova);
    assertThat(lazy.completedInvalidations()).isOne();
    assertThat(refused(lazy.map(frames(3), IN, ANY))).isEqualTo(Errno.ENOSPC);
    lazy.unmapNow(iova, 256 * P);
    assertThat(refused(lazy.map(Extents.of(3, 300), IN, ANY))).isEqualTo(Errno.ENOSPC);
    assertThat(lazy.pendingInvalidations()).isZero();
  }

  @Test
  void mappings_ofEveryDirection_areShownAndTranslateSo() {
    for (DmaDirection way : DmaDirection.values()) {
      if (!way.deviceReads() && !way.deviceWrites()) {
        continue;
      }
      IommuDomain fresh = new IommuDomain(SMALL);
      long one = done(fresh.map(frames(3, 5), way, ANY)).address(0);
      MappedBatch batch = done(fresh.mapBatch(List.of(frames(7), frames(9)), way, ANY));
      done(fresh.unmapMember(batch.handle(), 0));
      List<String> seen = new ArrayList<>();
      fresh.mappings((iova, bytes, shown) -> seen.add(iova + "+" + bytes + shown));
      assertThat(seen).containsExactly(one + "+" + 2 * P + way, batch.iova() + P + "+" + P + way);
      assertThat(fresh.translate(one, false)).isEqualTo(way.deviceReads() ? 3 : -3);
      assertThat(fresh.translate(one + P, true)).isEqualTo(way.deviceWrites() ? 5 : -2);
      assertThat(fresh.faults()).isEqualTo(fresh.faultLog().size());
      done(fresh.unmapBatch(batch.handle()));
      seen.clear();
      fresh.mappings((iova, bytes, shown) -> seen.add("seen"));
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void translate_lastPageOfTheSpace_andTheFirstBeyond() {
    long space = 1L << 26;
    done(domain.mapAt(space - P, frames(8), IN, ANY));
    assertThat(domain.translate(space - 1, false)).isEqualTo(8);
    assertThat(domain.translate(3, space, false)).isEqualTo(FaultReason.BEYOND_SPACE.code());
    assertThat(domain.translate(3, -1L, true)).isEqualTo(FaultReason.BEYOND_SPACE.code());
    assertThat(domain.faultLog().take())
        .isEqualTo(new FaultLog.Fault(3, space, false, FaultReason.BEYOND_SPACE));
    assertThat(domain.translate(P, false)).isEqualTo(FaultReason.NOT_MAPPED.code());
    domain.faultLog().take();
    assertThat(domain.faultLog().take().device()).isEqualTo(IommuDomain.NO_DEVICE);
    assertThat(domain.settings()).isEqualTo(SMALL);
  }
}
