package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.iommu.IovaAllocator;
import org.bufferyard.allocator.iommu.MappedList;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.junit.jupiter.api.Test;

/**
 * Family SGI: merging through an IOMMU, restated from the algorithm of {@code iommu_dma_map_sg}
 * ({@code drivers/iommu/dma-iommu.c}), and the cases of its IOVA allocator.
 */
class IommuMergeTest {
  private static final long K = 1024;
  private static final DmaConstraints LIMIT_64K =
      DmaConstraints.UNLIMITED.withMaxSegmentBytes(64 * K);

  private final IommuDomain domain = new IommuDomain(DomainSettings.ofBits(39));

  @Test
  void SGI1_threeScatteredPages_oneSegment() {
    MappedList mapped = map(LIMIT_64K, 0x5000, 4 * K, 0x9000, 4 * K, 0x2000, 4 * K);
    assertThat(mapped.table().nents()).isEqualTo(1);
    assertThat(mapped.table().lengthBytes(0)).isEqualTo(12 * K);
    assertThat(domain.translate(mapped.iova() + 2 * 4096, false)).isEqualTo(2);
  }

  @Test
  void SGI3_offsetInTheFirstPage_oneSegmentFromThatOffset() {
    MappedList mapped = map(LIMIT_64K, 0x5200, 0xE00, 0x9000, 4 * K);
    assertThat(mapped.table().nents()).isEqualTo(1);
    assertThat(mapped.table().address(0)).isEqualTo(mapped.iova() + 0x200);
    assertThat(mapped.table().lengthBytes(0)).isEqualTo(0x1E00);
  }

  @Test
  void SGI4_firstPageNotFilled_twoSegments() {
    MappedList mapped = map(LIMIT_64K, 0x5000, 0x800, 0x9000, 4 * K);
    assertThat(mapped.table().nents()).isEqualTo(2);
    assertThat(mapped.table().address(1)).isEqualTo(mapped.iova() + 4 * K);
  }

  @Test
  void SGI5_secondStartsInsideAPage_twoSegments() {
    MappedList mapped = map(LIMIT_64K, 0x5000, 4 * K, 0x9100, 0x400);
    assertThat(mapped.table().nents()).isEqualTo(2);
    assertThat(mapped.table().address(1)).isEqualTo(mapped.iova() + 4 * K + 0x100);
    assertThat(mapped.table().lengthBytes(1)).isEqualTo(0x400);
  }

  @Test
  void SGI6_elementAcrossTheBoundary_paddedToIt() {
    DmaConstraints constraints = DmaConstraints.UNLIMITED.withBoundaryMask(0xFFFF);
    MappedList mapped = map(constraints, 0x10_0000, 48 * K, 0x20_0000, 48 * K);
    assertThat(mapped.table().nents()).isEqualTo(2);
    assertThat(mapped.table().address(0)).isEqualTo(mapped.iova());
    assertThat(mapped.table().address(1)).isEqualTo(mapped.iova() + 64 * K);
    assertThat(mapped.iovaBytes()).isEqualTo(112 * K);
    assertThat(domain.isMapped(mapped.iova() + 48 * K)).isFalse();
    assertThat(domain.mappedPages()).isEqualTo(24);
    assertThat(domain.unmapNow(mapped.iova(), mapped.iovaBytes())).isEqualTo(24);
    assertThat(domain.iovaPagesInUse()).isZero();
  }

  @Test
  void SGI8_exhaustedDomain_nothingMappedNothingLeaked() {
    IommuDomain full = new IommuDomain(DomainSettings.ofBits(21));
    assertThat(full.map(Extents.of(7, 256), DmaDirection.TO_DEVICE, LIMIT_64K))
        .isInstanceOf(Outcome.Done.class);
    long inUse = full.iovaPagesInUse();
    Outcome<MappedList> outcome =
        full.map(
            PhysicalSgList.of(0x5000, 4 * K, 0x100_0000, 1024 * K),
            DmaDirection.TO_DEVICE,
            LIMIT_64K);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused<MappedList>) outcome).refusal().errno()).isEqualTo(Errno.ENOSPC);
    assertThat(full.mappedPages()).isEqualTo(256);
    assertThat(full.iovaPagesInUse()).isEqualTo(inUse);
    assertThat(full.mappings()).isEqualTo(1);
  }

  @Test
  void IOVA1_topDownAlignedToSize() {
    IovaAllocator iovas = new IovaAllocator(36);
    assertThat(iovas.allocate(1, 0, 0xFFFFF)).isEqualTo(0xFFFFF);
    assertThat(iovas.allocate(1, 0, 0xFFFFF)).isEqualTo(0xFFFFE);
    assertThat(iovas.allocate(3, 0, 0xFFFFF)).isEqualTo(0xFFFF8);
  }

  @Test
  void IOVA2_freedRangeOfTheSameOrderIsReturnedFirst() {
    IovaAllocator iovas = new IovaAllocator(36);
    long first = iovas.allocate(4, 0, 0xFFFFF);
    iovas.allocate(4, 0, 0xFFFFF);
    iovas.free(first, 4);
    assertThat(iovas.allocate(4, 0, 0xFFFFF)).isEqualTo(first);
  }

  @Test
  void IOVA3_exhausted_cachesAreFlushedAndTheSearchRepeatedOnce() {
    IovaAllocator iovas = new IovaAllocator(6);
    long[] singles = new long[63];
    for (int page = 0; page < 63; page++) {
      singles[page] = iovas.allocate(1, 0, 63);
      assertThat(singles[page]).isEqualTo(63 - page);
    }
    assertThat(iovas.allocate(1, 0, 63)).isEqualTo(-1);
    for (int page = 0; page < 63; page++) {
      iovas.free(singles[page], 1);
    }
    assertThat(iovas.allocate(32, 0, 63)).isEqualTo(32);
    assertThat(iovas.freePages()).isEqualTo(31);
  }

  private MappedList map(DmaConstraints constraints, long... elements) {
    Outcome<MappedList> outcome =
        domain.map(PhysicalSgList.of(elements), DmaDirection.TO_DEVICE, constraints);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<MappedList>) outcome).value();
  }
}
