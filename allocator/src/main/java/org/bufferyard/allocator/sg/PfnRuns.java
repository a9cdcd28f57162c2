package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * Turns page frames into segments: page by page, or with a {@link RunFinder} where one is given and
 * the list is long enough to repay it. Both ways give the same segments. Not thread-safe; owned by
 * its builder.
 */
final class PfnRuns {
  private final SegmentColumns columns;
  private final PageScan scan;
  private final @Nullable RunFinder finder;

  /** First page index of each run, for the finder. */
  private int[] starts = {};

  /** The borders of a batch of one list, and its first run. */
  private final int[] oneList = new int[2];

  private final int[] oneFirst = new int[2];

  PfnRuns(SegmentColumns columns, @Nullable RunFinder finder) {
    this.columns = columns;
    this.finder = finder;
    scan = new PageScan(columns);
  }

  /**
   * Appends the frames {@code pfns[first]} to {@code pfns[end - 1]} from byte {@code inPage} of the
   * first. Returns a union of frames among which one that is out of range shows, as {@link
   * PageScan#append}.
   */
  long append(long[] pfns, int first, int end, long inPage) {
    if (columns.nents > 0) {
      int next = PageScan.runEnd(pfns, first, end);
      columns.append(
          (pfns[first] << Pages.SHIFT) + inPage, ((long) (next - first) << Pages.SHIFT) - inPage);
      return pfns[first] | pfns[next - 1] | (next < end ? scan.append(pfns, next, end) : 0);
    }
    long frameBits;
    if (finder != null && end - first >= finder.pagesMin()) {
      oneList[0] = first;
      oneList[1] = end;
      frameBits = appendFound(finder, pfns, oneList, 1, oneFirst);
    } else {
      frameBits = scan.append(pfns, first, end);
    }
    if (inPage != 0) {
      columns.addresses[0] += inPage;
      columns.lengths[0] -= (int) inPage;
    }
    return frameBits;
  }

  /** Appends the lists between {@code borders} to an empty list; none continues the one before. */
  long appendBatch(long[] pfns, int[] borders, int buffers, int[] firstSegments) {
    if (finder != null && borders[buffers] - borders[0] >= finder.pagesMin()) {
      return appendFound(finder, pfns, borders, buffers, firstSegments);
    }
    long frameBits = 0;
    for (int buffer = 0; buffer < buffers; buffer++) {
      firstSegments[buffer] = columns.nents;
      frameBits |= scan.append(pfns, borders[buffer], borders[buffer + 1]);
    }
    firstSegments[buffers] = columns.nents;
    return frameBits;
  }

  private long appendFound(
      RunFinder with, long[] pfns, int[] borders, int buffers, int[] firstSegments) {
    int slots = borders[buffers] - borders[0] + 2 * with.slack();
    columns.ensure(slots);
    if (starts.length < slots) {
      starts = new int[columns.addresses.length];
    }
    int runs = with.find(pfns, borders, buffers, columns.addresses, starts, firstSegments);
    int longest = with.measure(starts, runs, columns.lengths);
    columns.addressBits |= (with.frameBits() << Pages.SHIFT) | Pages.OFFSET_MASK;
    if (longest <= columns.maxSegmentPages
        && (columns.boundaryMask == DmaConstraints.NO_BOUNDARY
            || (with.crossings(columns.addresses, columns.lengths, runs) & ~columns.boundaryMask)
                == 0)) {
      columns.nents = runs;
    } else {
      cut(pfns, buffers, firstSegments);
    }
    return with.frameBits();
  }

  /**
   * Writes the segments of the runs found over the runs themselves: their starts and the frames are
   * read, the columns only written. {@code firstSegments} holds runs and comes to hold segments.
   */
  private void cut(long[] pfns, int buffers, int[] firstSegments) {
    int run = 0;
    for (int buffer = 0; buffer < buffers; buffer++) {
      firstSegments[buffer] = columns.nents;
      for (int last = firstSegments[buffer + 1]; run < last; run++) {
        columns.placeRun(pfns[starts[run]], starts[run + 1] - starts[run]);
      }
    }
    firstSegments[buffers] = columns.nents;
  }
}
