package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.lang.foreign.MemorySegment;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.iommu.DomainSettings;
import org.bufferyard.allocator.iommu.IommuDomain;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.workload.BufferSet;

/** Whole mappings through an IOMMU, map and unmap, as contenders. */
final class Mappings {
  private static final DmaConstraints ANY = DmaConstraints.UNLIMITED;
  private static final DmaDirection BOTH = DmaDirection.BIDIRECTIONAL;

  /** From page frames, written to the page table straight from the array. */
  static Contender frames(BufferSet set) {
    IommuDomain domain = domain();
    SgBuilder out = new SgBuilder();
    long bytes = (long) set.pages << 12;
    return ops -> {
      long removed = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        long iova = domain.mapPfnsInto(out, set.frames, buffer * set.pages, set.pages, BOTH, ANY);
        removed += domain.unmapNow(iova, bytes);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return removed;
    };
  }

  /** From extents. */
  static Contender extents(BufferSet set) {
    IommuDomain domain = domain();
    SgBuilder out = new SgBuilder();
    long bytes = (long) set.pages << 12;
    return ops -> {
      long removed = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op++) {
        long iova = domain.mapInto(out, set.extents[buffer], BOTH, ANY);
        removed += domain.unmapNow(iova, bytes);
        buffer = buffer + 1 == set.buffers ? 0 : buffer + 1;
      }
      return removed;
    };
  }

  /** In batches of {@code size} buffers, each batch one range; operations count buffers. */
  static Contender batches(BufferSet set, int size) {
    IommuDomain domain = domain();
    return ops -> {
      long removed = 0;
      int buffer = 0;
      for (long op = 0; op < ops; op += size) {
        long handle =
            domain.mapBatchPfns(set.frames, buffer * set.pages, size, set.pages, BOTH, ANY);
        removed += domain.unmapBatchNow(handle);
        buffer = buffer + 2 * size > set.buffers ? 0 : buffer + size;
      }
      return removed;
    };
  }

  /** List, IOVA, page table and all back again, in C. */
  static Contender inC(CBaseline c, BufferSet set) {
    MemorySegment iommu =
        MemorySegment.ofAddress(c.shape("iommu_create").call(NULL, NULL, 0, 0, 0, 0));
    var pipeline = c.shape("iommu_pipeline_ops");
    return ops ->
        pipeline.call(
            iommu, set.nativeFrames, ops, set.buffers, set.pages, DmaConstraints.UINT_MAX);
  }

  private static IommuDomain domain() {
    return new IommuDomain(DomainSettings.ofBits(48));
  }

  private Mappings() {}
}
