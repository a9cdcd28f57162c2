package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

class IommuDomainTest {
  private static final long MIB = 1 << 20;
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;

  private final IommuDomain domain = new IommuDomain(DomainSettings.ofBits(39));

  @Test
  void map_scatteredExtents_oneSegmentThatTranslatesPageByPage() {
    Extents extents = new Extents.Builder().add(7, 2).add(100, 1).add(3, 5).build();
    SgTable table = done(domain.map(extents, DmaDirection.BIDIRECTIONAL, ANY));
    assertThat(table.nents()).isEqualTo(1);
    assertThat(table.lengthBytes(0)).isEqualTo(8 * 4096);
    long[] frames = {7, 8, 100, 3, 4, 5, 6, 7};
    for (int page = 0; page < frames.length; page++) {
      assertThat(domain.translate(table.address(0) + page * 4096L + 5, true))
          .isEqualTo(frames[page]);
    }
    assertThat(domain.mappedPages()).isEqualTo(8);
    assertThat(domain.faults()).isZero();
  }

  @Test
  void map_alignedRun_usesLargeLeaves() {
    SgTable table =
        done(domain.map(Extents.of(1 << 18, (1 << 18) + 1024), DmaDirection.TO_DEVICE, ANY));
    int[] leaves = new int[3];
    domain.walk(
        table.address(0),
        table.totalBytes(),
        (iova, pfn, pages, access) -> leaves[pages == 1 ? 0 : pages == 512 ? 1 : 2]++);
    assertThat(leaves).containsExactly(0, 2, 1);
  }

  @Test
  void map_belowDmaMask_andWithinLimits() {
    DmaConstraints narrow =
        ANY.withDmaMask(DmaConstraints.maskOfBits(32))
            .withMaxSegmentBytes(64 << 10)
            .withBoundaryMask(MIB - 1);
    SgTable table = done(domain.map(Extents.of(1 << 20, 600), DmaDirection.TO_DEVICE, narrow));
    for (int segment = 0; segment < table.nents(); segment++) {
      long last = table.address(segment) + table.lengthBytes(segment) - 1;
      assertThat(last).isLessThan(1L << 32);
      assertThat(table.lengthBytes(segment)).isLessThanOrEqualTo(64 << 10);
      assertThat((table.address(segment) ^ last) & -MIB).isZero();
    }
    assertThat(table.totalBytes()).isEqualTo(600 * 4096);
  }

  @Test
  void map_moreSegmentsThanTheDeviceTakes_refusedWithBothNumbers() {
    DmaConstraints few = ANY.withMaxSegmentBytes(4096).withMaxSegments(3);
    assertThat(refused(domain.map(Extents.of(9, 4), DmaDirection.TO_DEVICE, few)))
        .isEqualTo("E2BIG: too many segments, needed=4, maxSegments=3");
    assertThat(domain.iovaPagesInUse()).isZero();
  }

  @Test
  void unmap_strict_nextAccessFaultsAndIovaIsReused() {
    SgTable table = done(domain.map(Extents.of(9, 4), DmaDirection.TO_DEVICE, ANY));
    assertThat(domain.translate(1, table.address(0), false)).isEqualTo(9);
    Unmapped unmapped = done(domain.unmap(table.address(0), table.totalBytes()));
    assertThat(unmapped.pages()).isEqualTo(4);
    assertThat(domain.completedInvalidations()).isEqualTo(unmapped.invalidation());
    assertThat(domain.translate(1, table.address(0), false))
        .isEqualTo(FaultReason.NOT_MAPPED.code());
    assertThat(domain.faultLog().take())
        .isEqualTo(new FaultLog.Fault(1, table.address(0), false, FaultReason.NOT_MAPPED));
    assertThat(done(domain.map(Extents.of(20, 4), DmaDirection.TO_DEVICE, ANY))).isEqualTo(table);
    assertThat(domain.iovaPagesInUse()).isEqualTo(4);
  }

  @Test
  void unmap_lazy_staleEntryUntilFlush_andIovaNotReusedBefore() {
    IommuDomain lazy =
        new IommuDomain(DomainSettings.ofBits(39).withInvalidation(Invalidation.LAZY));
    SgTable table = done(lazy.map(Extents.of(9, 1), DmaDirection.TO_DEVICE, ANY));
    assertThat(lazy.translate(table.address(0), false)).isEqualTo(9);
    Unmapped unmapped = done(lazy.unmap(table.address(0), 4096));
    assertThat(lazy.translate(table.address(0), false)).isEqualTo(9);
    assertThat(lazy.isMapped(table.address(0))).isFalse();
    assertThat(lazy.completedInvalidations()).isLessThan(unmapped.invalidation());
    SgTable second = done(lazy.map(Extents.of(30, 1), DmaDirection.TO_DEVICE, ANY));
    assertThat(second.address(0)).isNotEqualTo(table.address(0));
    lazy.flush();
    assertThat(lazy.translate(table.address(0), false)).isEqualTo(FaultReason.NOT_MAPPED.code());
    assertThat(lazy.completedInvalidations()).isEqualTo(unmapped.invalidation());
    assertThat(done(lazy.map(Extents.of(31, 1), DmaDirection.TO_DEVICE, ANY)).address(0))
        .isEqualTo(table.address(0));
  }

  @Test
  void unmap_absentPartialOrInside_refusedAndNothingChanged() {
    SgTable table = done(domain.map(Extents.of(9, 4), DmaDirection.TO_DEVICE, ANY));
    long iova = table.address(0);
    assertThat(refused(domain.unmap(iova, 3 * 4096))).startsWith("EINVAL");
    assertThat(refused(domain.unmap(iova, 5 * 4096))).startsWith("EINVAL");
    assertThat(refused(domain.unmap(iova + 4096, 3 * 4096))).startsWith("EINVAL");
    assertThat(refused(domain.unmap(iova - 4096, 4096))).startsWith("ENOENT");
    assertThat(domain.mappedPages()).isEqualTo(4);
    assertThat(domain.mappings()).isEqualTo(1);
  }

  @Test
  void translate_againstDirection_faults() {
    long in = done(domain.map(Extents.of(9, 1), DmaDirection.TO_DEVICE, ANY)).address(0);
    long out = done(domain.map(Extents.of(10, 1), DmaDirection.FROM_DEVICE, ANY)).address(0);
    assertThat(domain.translate(in, true)).isEqualTo(FaultReason.WRITE_DENIED.code());
    assertThat(domain.translate(out, false)).isEqualTo(FaultReason.READ_DENIED.code());
    assertThat(domain.translate(out, true)).isEqualTo(10);
    assertThat(domain.translate(1L << 39, true)).isEqualTo(FaultReason.BEYOND_SPACE.code());
    assertThat(domain.faults()).isEqualTo(3);
  }

  @Test
  void mapAt_overLiveMapping_refusedAndOldIntact() {
    long iova = done(domain.map(Extents.of(9, 4), DmaDirection.TO_DEVICE, ANY)).address(0);
    assertThat(refused(domain.mapAt(iova + 4096, Extents.of(50, 1), DmaDirection.TO_DEVICE, ANY)))
        .startsWith("EADDRINUSE");
    assertThat(domain.translate(iova + 4096, false)).isEqualTo(10);
    done(domain.mapAt(16 * MIB, Extents.of(50, 1), DmaDirection.TO_DEVICE, ANY));
    assertThat(domain.translate(16 * MIB, false)).isEqualTo(50);
    done(domain.unmap(16 * MIB, 4096));
    assertThat(domain.mappings()).isEqualTo(1);
  }

  @Test
  void map_spaceExhausted_refusedThenWorksAfterUnmap() {
    IommuDomain small =
        new IommuDomain(DomainSettings.ofBits(21).withReserved(List.of(new IovaRange(0, MIB))));
    SgTable first = done(small.map(Extents.of(9, 256), DmaDirection.TO_DEVICE, ANY));
    assertThat(first.address(0)).isEqualTo(MIB);
    assertThat(refused(small.map(Extents.of(9, 1), DmaDirection.TO_DEVICE, ANY)))
        .startsWith("ENOSPC: no IOVA range of 1 pages at or below page 511, free=0");
    assertThat(small.mappedPages()).isEqualTo(256);
    done(small.unmap(MIB, MIB));
    for (int page = 0; page < 256; page++) {
      done(small.map(Extents.of(page, 1), DmaDirection.TO_DEVICE, ANY));
    }
    assertThat(refused(small.map(Extents.of(9, 1), DmaDirection.TO_DEVICE, ANY)))
        .startsWith("ENOSPC");
  }

  @Test
  void map_noPageTableLeft_refusedAndNothingTaken() {
    IommuDomain few = new IommuDomain(DomainSettings.ofBits(39).withLimits(256, 64, 4, 1 << 10));
    Extents two = new Extents.Builder().add(9, 513).add(5000, 600).build();
    assertThat(refused(few.map(two, DmaDirection.TO_DEVICE, ANY))).startsWith("ENOMEM");
    assertThat(few.mappedPages()).isZero();
    assertThat(few.iovaPagesInUse()).isZero();
    assertThat(few.tables()).isEqualTo(1);
    done(few.map(Extents.of(9, 512), DmaDirection.TO_DEVICE, ANY));
  }

  private static <T> T done(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<T>) outcome).value();
  }

  private static <T> String refused(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<T>) outcome).refusal().toString();
  }
}
