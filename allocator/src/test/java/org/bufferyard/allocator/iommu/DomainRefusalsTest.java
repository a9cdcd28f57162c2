package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.iommu.Domains.ANY;
import static org.bufferyard.allocator.iommu.Domains.IN;
import static org.bufferyard.allocator.iommu.Domains.P;
import static org.bufferyard.allocator.iommu.Domains.SMALL;
import static org.bufferyard.allocator.iommu.Domains.frames;
import static org.bufferyard.allocator.iommu.Domains.map;
import static org.bufferyard.allocator.iommu.Domains.refuses;
import static org.bufferyard.allocator.region.Regions.done;

import java.util.Arrays;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;
import org.junit.jupiter.api.Test;

/** Whatever cannot be mapped is refused with its reason, and the domain is as it was. */
class DomainRefusalsTest {
  private final IommuDomain domain = new IommuDomain(SMALL);

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
    String none = "no IOVA range of 256 pages at or below page 511, free=254";
    long[] pfns = new long[256];
    refuses(tiny, Errno.ENOSPC, none, () -> tiny.mapPfns(pfns, 0, 256, IN, ANY));
    refuses(tiny, Errno.ENOSPC, none, () -> tiny.map(PhysicalSgList.of(0, 256 * P), IN, ANY));
    refuses(tiny, Errno.ENOSPC, none, () -> tiny.mapBatch(List.of(Extents.of(0, 256)), IN, ANY));
    assertThat(tiny.mapBatchPfns(pfns, 0, 1, 256, IN, ANY)).isEqualTo(-28);
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
}
