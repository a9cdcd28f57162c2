package org.bufferyard.allocator.iommu;

/** When the IOTLB forgets an unmapped range, and so when its IOVA may be used again. */
public enum Invalidation {
  /** Before unmap returns. */
  STRICT,
  /**
   * With the next flush; until then a device may still reach the old pages through a stale entry,
   * and the range is not handed out again.
   */
  LAZY
}
