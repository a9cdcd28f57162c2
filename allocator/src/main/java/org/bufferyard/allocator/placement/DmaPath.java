package org.bufferyard.allocator.placement;

/** How one device reaches a placement's memory. */
public enum DmaPath {
  /** Through an IOMMU: the device sees one range of I/O virtual addresses. */
  IOMMU,
  /** Through a tiler's aperture: the device sees a view, never page frames. */
  TILER,
  /** The device emits the memory's own addresses. */
  DIRECT,
  /** Through a copy in memory that the device can address. */
  BOUNCE,
  /** The CPU copies; the device does no DMA on this buffer. */
  CPU;

  /** Data is copied on each use, so the path is never chosen where another exists. */
  public boolean copies() {
    return this == BOUNCE || this == CPU;
  }
}
