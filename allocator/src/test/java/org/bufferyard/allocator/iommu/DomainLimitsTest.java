package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/** A domain's refusals, one by one, each with the whole state compared; and its limits. */
class DomainLimitsTest {
  private static final long P = 4096;
  private static final DmaDirection IN = DmaDirection.TO_DEVICE;
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  private static final DomainSettings SMALL = DomainSettings.ofBits(26);

  private final IommuDomain domain = new IommuDomain(SMALL);

  private static String state(IommuDomain domain) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d tables, %d pages, %d in use, %d mappings, %d waiting, %d done"
            .formatted(
                domain.tables(),
                domain.mappedPages(),
                domain.iovaPagesInUse(),
                domain.mappings(),
                domain.pendingInvalidations(),
                domain.completedInvalidations()));
    domain.walk(
        0,
        1L << domain.settings().addressBits(),
        (iova, pfn, pages, access) ->
            text.append(" %d:%d x%d/%d".formatted(iova, pfn, pages, access)));
    List<String> mappings = new ArrayList<>();
    domain.mappings((iova, bytes, way) -> mappings.add("%d+%d %s".formatted(iova, bytes, way)));
    mappings.sort(null);
    return text.append(mappings).toString();
  }

  private static long map(IommuDomain domain, long pfn, long pages) {
    return done(domain.map(Extents.of(pfn, pages), IN, ANY)).address(0);
  }

  private static Extents frames(long... pfns) {
    Extents.Builder runs = new Extents.Builder();
    for (long pfn : pfns) {
      runs.add(pfn, 1);
    }
    return runs.build();
  }

  /** Refused with this errno and reason, on a domain that stays as it was. */
  private static void refuses(
      IommuDomain domain, Errno errno, String reason, Supplier<Outcome<?>> call) {
    String before = state(domain);
    Outcome<?> outcome = call.get();
    assertThat(refused(outcome)).isEqualTo(errno);
    assertThat(reason(outcome)).isEqualTo(reason);
    assertThat(domain.refusal().reason()).isEqualTo(reason);
    assertThat(state(domain)).isEqualTo(before);
  }

  @Test
  void map_nothing_isEinval() {
    refuses(domain, Errno.EINVAL, "nothing to map", () -> domain.map(Extents.NONE, IN, ANY));
    refuses(
        domain, Errno.EINVAL, "nothing to map", () -> domain.mapPfns(new long[1], 1, 0, IN, ANY));
    refuses(domain, Errno.EINVAL, "nothing to map", () -> domain.mapBatch(List.of(), IN, ANY));
    refuses(
        domain,
        Errno.EINVAL,
        "nothing to map",
        () -> domain.mapBatch(List.of(Extents.of(3, 1), Extents.NONE), IN, ANY));
    refuses(domain, Errno.EINVAL, "nothing to map", () -> domain.mapAt(P, Extents.NONE, IN, ANY));
  }

  @Test
  void mapPfns_partOfTheArray_toItsVeryEnd() {
    long[] pfns = {9, 8, 7, 6};
    for (int[] wrong : new int[][] {{-1, 2}, {0, 5}, {3, 2}, {4, 1}, {1, -1}, {5, 0}}) {
      refuses(
          domain,
          Errno.EINVAL,
          "pages outside the array, from=" + wrong[0] + ", count=" + wrong[1] + ", of 4",
          () -> domain.mapPfns(pfns, wrong[0], wrong[1], IN, ANY));
    }
    long iova = done(domain.mapPfns(pfns, 2, 2, IN, ANY)).address(0);
    assertThat(domain.translate(iova, false)).isEqualTo(7);
    assertThat(domain.translate(iova + P, false)).isEqualTo(6);
    assertThat(done(domain.mapPfns(pfns, 0, 4, IN, ANY)).totalBytes()).isEqualTo(4 * P);
    assertThat(done(domain.mapPfns(pfns, 0, 1, IN, ANY)).totalBytes()).isEqualTo(P);
  }

  @Test
  void map_frameTooHigh_isRefusedByEveryWay() {
    long high = SgBuilder.PFN_MAX + 1;
    map(domain, 5, 1);
    refuses(
        domain,
        Errno.EOVERFLOW,
        "frame too high, pfn=" + high,
        () -> domain.map(frames(3, high), IN, ANY));
    refuses(
        domain,
        Errno.EOVERFLOW,
        "frame too high, pfn=" + high,
        () -> domain.mapAt(P, Extents.of(high, 1), IN, ANY));
    refuses(
        domain,
        Errno.EOVERFLOW,
        "frame too high, pfn=" + high,
        () -> domain.mapBatch(List.of(frames(3), frames(high)), IN, ANY));
    refuses(
        domain,
        Errno.EINVAL,
        "page frame out of range",
        () -> domain.mapPfns(new long[] {3, -1}, 0, 2, IN, ANY));
    assertThat(domain.mapBatchPfns(new long[] {3, -1}, 0, 2, 1, IN, ANY)).isEqualTo(-22);
    assertThat(done(domain.map(frames(3, high - 1), IN, ANY)).totalBytes()).isEqualTo(2 * P);
    assertThat(domain.iovaPagesInUse()).isEqualTo(3);
  }

  @Test
  void map_mappings_upToTheLimitAndNotBeyond() {
    IommuDomain few = new IommuDomain(SMALL.withLimits(4, 4, 64, 3));
    String full = "too many mappings, mappingsMax=3";
    assertThat(done(few.mapBatch(List.of(frames(1), frames(2), frames(3)), IN, ANY)).members())
        .hasSize(3);
    refuses(few, Errno.ENOSPC, full, () -> few.map(frames(7), IN, ANY));
    refuses(few, Errno.ENOSPC, full, () -> few.mapPfns(new long[] {7}, 0, 1, IN, ANY));
    refuses(few, Errno.ENOSPC, full, () -> few.mapAt(P, frames(7), IN, ANY));
    refuses(few, Errno.ENOSPC, full, () -> few.map(PhysicalSgList.of(0, P), IN, ANY));
    refuses(few, Errno.ENOSPC, full, () -> few.mapBatch(List.of(frames(7)), IN, ANY));
    assertThat(few.mapBatchPfns(new long[] {7}, 0, 1, 1, IN, ANY)).isEqualTo(-28);
    done(few.unmapMember(0, 1));
    long one = map(few, 7, 1);
    refuses(few, Errno.ENOSPC, full, () -> few.map(frames(8), IN, ANY));
    done(few.unmap(one, P));
    refuses(few, Errno.ENOSPC, full, () -> few.mapBatch(List.of(frames(7), frames(8)), IN, ANY));
    assertThat(few.mapBatchPfns(new long[] {7, 8}, 0, 2, 1, IN, ANY)).isEqualTo(-28);
    done(few.map(PhysicalSgList.of(0, P), IN, ANY));
  }

  @Test
  void map_asLargeAsTheSpace_isRefusedAndTheLargestRangeIsNot() {
    IommuDomain tiny = new IommuDomain(DomainSettings.ofBits(21));
    refuses(
        tiny,
        Errno.ENOSPC,
        "larger than the IOVA space, pages=512",
        () -> tiny.map(Extents.of(0, 512), IN, ANY));
    refuses(
        tiny,
        Errno.ENOSPC,
        "no IOVA range of 511 pages at or below page 511, free=511",
        () -> tiny.map(Extents.of(0, 511), IN, ANY));
    assertThat(tiny.refusal().wouldHelp()).isEqualTo("unmapping something, or a wider DMA mask");
    DmaConstraints narrow = ANY.withDmaMask(2 * P - 1);
    assertThat(done(tiny.map(frames(3), IN, narrow)).address(0)).isEqualTo(P);
    refuses(
        tiny,
        Errno.ENOSPC,
        "no IOVA range of 1 pages at or below page 1, free=510",
        () -> tiny.map(frames(3), IN, narrow));
    assertThat(map(tiny, 0, 256)).isEqualTo(256 * P);
  }

  @Test
  void map_rangeThatJustIsOneSegment_orTwo() {
    DmaConstraints limits = ANY.withMaxSegmentBytes(4 * P).withBoundaryMask(8 * P - 1);
    assertThat(done(domain.map(frames(1, 3, 5, 7), IN, limits)).nents()).isOne();
    SgTable two = done(domain.map(frames(1, 3, 5, 7, 9), IN, limits));
    assertThat(two.nents()).isEqualTo(2);
    assertThat(two.lengthBytes(1)).isEqualTo(P);
    assertThat(two.address(1)).isEqualTo(two.address(0) + 4 * P);
    DmaConstraints one = limits.withMaxSegments(1);
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
        () -> domain.mapBatch(List.of(frames(1), frames(1, 3, 5, 7, 9)), IN, one));
    assertThat(domain.mapBatchPfns(new long[5], 0, 1, 5, IN, one)).isEqualTo(-7);
    assertThat(domain.mapBatchPfns(new long[8], 0, 2, 4, IN, one)).isNotNegative();
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
  void map_tooFewTables_givesTheRangeBack() {
    IommuDomain few = new IommuDomain(SMALL.withLimits(4, 4, 2, 16));
    String none = "no page table left, tables=2, tablesMax=2";
    map(few, 5, 1);
    long[] pfns = new long[600];
    Arrays.setAll(pfns, page -> 3L * page);
    refuses(few, Errno.ENOMEM, none, () -> few.map(frames(pfns), IN, ANY));
    refuses(few, Errno.ENOMEM, none, () -> few.mapPfns(pfns, 0, 600, IN, ANY));
    refuses(few, Errno.ENOMEM, none, () -> few.mapAt(P, frames(9), IN, ANY));
    refuses(few, Errno.ENOMEM, none, () -> few.mapBatch(List.of(frames(1), frames(pfns)), IN, ANY));
    refuses(few, Errno.ENOMEM, none, () -> few.map(PhysicalSgList.of(P, 700 * P), IN, ANY));
    refuses(
        few,
        Errno.ENOMEM,
        none,
        () -> few.map(PhysicalSgList.of(0, 3 * P, 7 * P, 700 * P, 0, P), IN, ANY));
    assertThat(few.mapBatchPfns(pfns, 0, 1, 600, IN, ANY)).isEqualTo(-12);
    map(few, 6, 1);
    assertThat(few.mappings()).isEqualTo(2);
  }

  @Test
  void mapList_elementOutOfRange_isNamedAndTheOthersUndone() {
    map(domain, 5, 1);
    refuses(
        domain,
        Errno.EINVAL,
        "element 1 out of range, pfn=" + SgBuilder.PFN_MAX,
        () -> domain.map(PhysicalSgList.of(0, 3 * P, -P, 2 * P), IN, ANY));
    MappedList last = done(domain.map(PhysicalSgList.of(-P, P), IN, ANY));
    assertThat(domain.translate(last.iova(), false)).isEqualTo(SgBuilder.PFN_MAX);
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
  void mapBatchPfns_arguments_atTheirLimits() {
    long[] pfns = new long[8];
    for (int[] wrong :
        new int[][] {{-1, 1, 1}, {0, 0, 1}, {0, 1, 0}, {0, -1, -1}, {7, 2, 1}, {0, 9, 1}}) {
      assertThat(domain.mapBatchPfns(pfns, wrong[0], wrong[1], wrong[2], IN, ANY)).isEqualTo(-22);
      assertThat(domain.refusal().reason())
          .isEqualTo(
              "buffers outside the array, from=%d, buffers=%d, pagesEach=%d, of 8"
                  .formatted(wrong[0], wrong[1], wrong[2]));
    }
    DmaConstraints aligned = ANY.withAlignBytes(4 * P);
    assertThat(domain.mapBatchPfns(pfns, 0, 4, 2, IN, aligned)).isEqualTo(-22);
    assertThat(domain.refusal().reason()).isEqualTo("members not aligned, alignBytes=16384");
    assertThat(domain.mappings()).isZero();
    long handle = domain.mapBatchPfns(pfns, 0, 2, 4, IN, aligned);
    assertThat(domain.batchIova(handle) % (4 * P)).isZero();
    assertThat(domain.mapBatchPfns(pfns, 7, 1, 1, IN, ANY)).isNotNegative();
    assertThat(domain.mappings()).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> domain.batchIova(77))
        .withMessage("no such batch, handle=77");
  }

  @Test
  void unmapBatch_afterSomeMembersLeft_removesTheRest() {
    for (int left = 0; left < 8; left++) {
      IommuDomain fresh = new IommuDomain(SMALL);
      DmaConstraints aligned = ANY.withAlignBytes(4 * P);
      MappedBatch batch =
          done(fresh.mapBatch(List.of(frames(1, 3), frames(5), frames(7, 9, 11)), IN, aligned));
      assertThat(batch.iovaBytes()).isEqualTo(11 * P);
      long[] pages = {2, 1, 3};
      long expected = 6;
      for (int member = 0; member < 3; member++) {
        if ((left >> member & 1) != 0) {
          assertThat(done(fresh.unmapMember(batch.handle(), member)).pages())
              .isEqualTo(pages[member]);
          expected -= pages[member];
        }
      }
      if (left == 7) {
        refuses(
            fresh,
            Errno.ENOENT,
            "no such batch, handle=" + batch.handle(),
            () -> fresh.unmapBatch(batch.handle()));
      } else {
        assertThat(fresh.iovaPagesInUse()).isEqualTo(16);
        assertThat(done(fresh.unmapBatch(batch.handle())).pages()).isEqualTo(expected);
      }
      assertThat(fresh.iovaPagesInUse()).isZero();
      assertThat(fresh.mappings()).isZero();
      assertThat(fresh.mappedPages()).isZero();
      assertThat(fresh.tables()).isOne();
    }
  }

  @Test
  void unmapMember_refusals_nameTheMember() {
    MappedBatch batch = done(domain.mapBatch(List.of(frames(1), frames(3)), IN, ANY));
    refuses(
        domain,
        Errno.EINVAL,
        "no such member, member=2, of 2",
        () -> domain.unmapMember(batch.handle(), 2));
    refuses(
        domain,
        Errno.EINVAL,
        "no such member, member=-1, of 2",
        () -> domain.unmapMember(batch.handle(), -1));
    refuses(domain, Errno.ENOENT, "no such batch, handle=99", () -> domain.unmapMember(99, 0));
    done(domain.unmapMember(batch.handle(), 0));
    refuses(
        domain,
        Errno.ENOENT,
        "member unmapped before, member=0",
        () -> domain.unmapMember(batch.handle(), 0));
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

  @Test
  void cache_random_asAList() {
    MappingCache cache = new MappingCache();
    SgTable table = done(domain.map(frames(3), IN, ANY));
    List<DmaDirection> ways =
        List.of(DmaDirection.TO_DEVICE, DmaDirection.FROM_DEVICE, DmaDirection.BIDIRECTIONAL);
    for (int round = 0; round < 3; round++) {
      for (long buffer = 0; buffer < 40; buffer++) {
        for (int generation = 0; generation < 3; generation++) {
          int signature = cache.signatureOf(ANY.withMaxSegments(1 + round), ways.get(generation));
          assertThat(cache.acquire(buffer, generation, signature)).isNull();
          cache.add(buffer, generation, signature, table);
          long one = buffer;
          long two = generation;
          assertThatIllegalArgumentException()
              .isThrownBy(() -> cache.add(one, two, signature, table))
              .withMessage("cached already, buffer=" + one + ", generation=" + two);
          for (long user = 0; user < buffer % 3; user++) {
            assertThat(cache.acquire(buffer, generation, signature)).isSameAs(table);
          }
        }
      }
      assertThat(cache.size()).isEqualTo(120);
      for (long buffer = 39; buffer >= 0; buffer--) {
        List<String> seen = new ArrayList<>();
        long users = 1 + buffer % 3;
        assertThat(cache.drain(buffer, (gone, way, left) -> seen.add(way + " " + left)))
            .isEqualTo(3);
        assertThat(seen)
            .containsExactlyInAnyOrder(
                "TO_DEVICE " + users, "FROM_DEVICE " + users, "BIDIRECTIONAL " + users);
        assertThat(cache.size()).isEqualTo((int) (3 * buffer));
        assertThat(cache.drain(buffer, (gone, way, left) -> seen.clear())).isZero();
      }
    }
  }
}
