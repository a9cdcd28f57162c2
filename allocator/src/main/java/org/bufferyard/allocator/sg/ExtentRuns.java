package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;

/**
 * Turns extents into segments. Where no run breaks a limit, which the longest run and the union of
 * crossings decide for all at once, the columns are copied; otherwise runs are placed one by one.
 */
final class ExtentRuns {
  /** The range lies inside the extents, whose frames all have 64-bit addresses. */
  static void append(SegmentColumns columns, Extents extents, long offsetBytes, long lengthBytes) {
    int run = 0;
    long skip = offsetBytes >>> Pages.SHIFT;
    while (skip > 0 && skip >= extents.pages(run)) {
      skip -= extents.pages(run++);
    }
    long inRun = (skip << Pages.SHIFT) + (offsetBytes & Pages.OFFSET_MASK);
    boolean toTheEnd = offsetBytes + lengthBytes == extents.totalPages() << Pages.SHIFT;
    if (toTheEnd
        && columns.nents == 0
        && extents.longestRun() <= columns.maxSegmentPages
        && (extents.crossings() & ~columns.boundaryMask) == 0) {
      copy(columns, extents, run, inRun);
    } else {
      place(columns, extents, run, inRun, lengthBytes);
    }
  }

  private static void copy(SegmentColumns columns, Extents extents, int run, long inRun) {
    int count = extents.runs() - run;
    columns.ensure(count);
    extents.copyRuns(run, count, columns.addresses, columns.lengths);
    if (inRun != 0) {
      columns.addresses[0] += inRun;
      columns.lengths[0] -= (int) inRun;
    }
    columns.nents = count;
    columns.addressBits |= bitsUpTo(extents.highestPfn());
  }

  /**
   * All addresses up to the end of a frame; a DMA mask, being 2^n - 1, keeps all or not the last.
   */
  private static long bitsUpTo(long pfn) {
    long last = (pfn << Pages.SHIFT) | Pages.OFFSET_MASK;
    return -1L >>> Long.numberOfLeadingZeros(last);
  }

  private static void place(
      SegmentColumns columns, Extents extents, int first, long inFirst, long lengthBytes) {
    int run = first;
    long inRun = inFirst;
    for (long left = lengthBytes; left > 0; run++) {
      long bytes = Math.min(left, (extents.pages(run) << Pages.SHIFT) - inRun);
      columns.append((extents.pfn(run) << Pages.SHIFT) + inRun, bytes);
      left -= bytes;
      inRun = 0;
    }
  }

  private ExtentRuns() {}
}
