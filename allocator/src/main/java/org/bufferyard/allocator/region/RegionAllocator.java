package org.bufferyard.allocator.region;

import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * The allocator of one memory region's page frames. Not thread-safe; owned by the region. Frames
 * are absolute, sizes are pages. A refusal of either operation leaves the allocator as it was.
 */
public interface RegionAllocator {

  /**
   * Takes {@code request.pages()} frames, exactly. Refused with ENOSPC when they are not there (the
   * reason gives pages asked, pages free and the largest hole) and with EINVAL when malformed.
   */
  Outcome<Extents> allocate(AllocationRequest request);

  /**
   * Returns whole runs that {@link #allocate} gave; the value is what the caller still holds of
   * them, always {@link Extents#NONE}. Runs of one allocation may come back one by one. Refused
   * with EINVAL, naming the frame, when any run is foreign, already free, named twice or only part
   * of what was allocated.
   */
  Outcome<Extents> free(Extents extents);

  long freePages();

  long totalPages();

  /** The longest run of free frames: what a contiguous, unaligned request can get. */
  long largestFreePages();
}
