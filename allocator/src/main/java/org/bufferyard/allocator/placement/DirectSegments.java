package org.bufferyard.allocator.placement;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;

/** How many segments a device without a remapper needs for given extents. */
final class DirectSegments {

  /** Runs cut at the longest segment and at every boundary; bytes of the memory's own addresses. */
  static long count(Extents extents, DmaConstraints limits) {
    long count = 0;
    for (int run = 0; run < extents.runs(); run++) {
      long at = Pages.toBytes(extents.pfn(run));
      long left = Pages.toBytes(extents.pages(run));
      while (left > 0) {
        long segment = Math.min(left, longestAt(at, limits));
        at += segment;
        left -= segment;
        count++;
      }
    }
    return count;
  }

  private static long longestAt(long address, DmaConstraints limits) {
    long longest = limits.maxSegmentBytes() & ~Pages.OFFSET_MASK;
    long toBoundary = limits.boundaryMask() - (address & limits.boundaryMask()) + 1;
    return limits.boundaryMask() == DmaConstraints.NO_BOUNDARY
        ? longest
        : Math.min(longest, toBoundary);
  }

  private DirectSegments() {}
}
