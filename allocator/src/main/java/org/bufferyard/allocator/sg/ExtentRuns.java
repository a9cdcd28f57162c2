package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Pages;

/**
 * Turns extents into segments. Where no run can break a limit, which the longest run and the
 * absence of a boundary decide for all at once, the runs are copied column by column in loops that
 * C2 vectorises; otherwise they are placed one by one.
 */
final class ExtentRuns {
  /** The range lies inside the extents, whose frames all have 64-bit addresses. */
  static void append(SegmentColumns columns, Extents extents, long offsetBytes, long lengthBytes) {
    int run = 0;
    long skip = offsetBytes >>> Pages.SHIFT;
    while (skip >= extents.pages(run)) {
      skip -= extents.pages(run++);
    }
    long inRun = (skip << Pages.SHIFT) + (offsetBytes & Pages.OFFSET_MASK);
    boolean toTheEnd = offsetBytes + lengthBytes == extents.totalPages() << Pages.SHIFT;
    if (toTheEnd
        && columns.nents == 0
        && extents.longestRun() <= columns.maxSegmentBytes >>> Pages.SHIFT
        && copy(columns, extents, run, inRun)) {
      return;
    }
    place(columns, extents, run, inRun, lengthBytes);
  }

  /** False, and nothing done, where a run crosses the boundary. */
  private static boolean copy(SegmentColumns columns, Extents extents, int run, long inRun) {
    int count = extents.runs() - run;
    columns.ensure(count);
    extents.copyRuns(run, count, columns.addresses, columns.lengths);
    if (columns.boundaryMask != DmaConstraints.NO_BOUNDARY
        && (crossed(columns.addresses, columns.lengths, count) & ~columns.boundaryMask) != 0) {
      return false;
    }
    columns.addresses[0] += inRun;
    columns.lengths[0] -= (int) inRun;
    columns.nents = count;
    columns.addressBits |= bitsUpTo(extents.highestPfn());
    return true;
  }

  /** All bits in which the first and the last byte of any run differ. */
  private static long crossed(long[] addresses, int[] lengths, int count) {
    long bits = 0;
    for (int run = 0; run < count; run++) {
      bits |= addresses[run] ^ (addresses[run] + Integer.toUnsignedLong(lengths[run]) - 1);
    }
    return bits;
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
