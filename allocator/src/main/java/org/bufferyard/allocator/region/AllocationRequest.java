package org.bufferyard.allocator.region;

/**
 * What one buffer asks of a region's allocator. Frames are absolute. A request the allocator cannot
 * read (no pages, an alignment that is no power of two, an empty window) is refused with EINVAL.
 *
 * @param pages pages wanted, at least 1
 * @param contiguous one run of frames, rather than as many as it takes
 * @param alignPages every run starts at a multiple of this many frames; a power of two, 1 for none
 * @param minPfn lowest frame allowed
 * @param maxPfn highest frame allowed, itself included; {@code Long.MAX_VALUE} for none
 * @param topDown prefer high frames, which keeps low ones for devices with narrow masks
 */
public record AllocationRequest(
    long pages, boolean contiguous, long alignPages, long minPfn, long maxPfn, boolean topDown) {

  /** {@code pages} anywhere, in as many runs as it takes. */
  public static AllocationRequest of(long pages) {
    return new AllocationRequest(pages, false, 1, 0, Long.MAX_VALUE, false);
  }

  public AllocationRequest asContiguous() {
    return new AllocationRequest(pages, true, alignPages, minPfn, maxPfn, topDown);
  }

  public AllocationRequest alignedTo(long frames) {
    return new AllocationRequest(pages, contiguous, frames, minPfn, maxPfn, topDown);
  }

  public AllocationRequest within(long lowestPfn, long highestPfn) {
    return new AllocationRequest(pages, contiguous, alignPages, lowestPfn, highestPfn, topDown);
  }

  public AllocationRequest fromTop() {
    return new AllocationRequest(pages, contiguous, alignPages, minPfn, maxPfn, true);
  }
}
