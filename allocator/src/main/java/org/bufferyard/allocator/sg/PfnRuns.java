package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * Turns page frames into runs and those into segments: page by page, or with a {@link RunFinder}
 * where one is given and the list is long enough to repay it. Both ways give the same segments. Not
 * thread-safe; owned by its builder.
 */
final class PfnRuns {
  /** Shorter lists are compared page by page in any case. */
  private static final int FINDER_PAGES_MIN = 17;

  /** A run longer than this is compared on in blocks of so many pages. */
  private static final int BLOCK_PAGES = 8;

  private final SegmentColumns columns;
  private final @Nullable RunFinder finder;

  /** First page index of each run, for the finder. */
  private int[] starts = {};

  /** Addresses of runs that must be cut, while their segments are written over them. */
  private long[] cutAddresses = {};

  PfnRuns(SegmentColumns columns, @Nullable RunFinder finder) {
    this.columns = columns;
    this.finder = finder;
  }

  /**
   * Appends the frames {@code pfns[first]} to {@code pfns[end - 1]} from byte {@code inPage} of the
   * first. Returns the union of frames among which one that is out of range shows.
   */
  long append(long[] pfns, int first, int end, long inPage) {
    if (finder != null && columns.nents == 0 && end - first >= FINDER_PAGES_MIN) {
      return appendFound(finder, pfns, first, end, inPage);
    }
    int next = runEnd(pfns, first, end);
    columns.append(
        (pfns[first] << Pages.SHIFT) + inPage, ((long) (next - first) << Pages.SHIFT) - inPage);
    return pfns[first] | pfns[next - 1] | appendWhole(pfns, next, end);
  }

  private static int runEnd(long[] pfns, int start, int end) {
    int next = start + 1;
    while (next < end && pfns[next] == pfns[next - 1] + 1) {
      next++;
    }
    return next;
  }

  /**
   * Segments [0, nents) are closed and cover the pages before {@code start}; no run continues the
   * segment before it.
   */
  private long appendWhole(long[] pfns, int first, int end) {
    if (first == end) {
      return 0;
    }
    columns.ensure(columns.nents + (end - first));
    long[] addresses = columns.addresses;
    int[] lengths = columns.lengths;
    long maxPages = columns.maxSegmentBytes >>> Pages.SHIFT;
    long aboveBoundary = ~columns.boundaryMask >>> Pages.SHIFT;
    int nents = columns.nents;
    int start = first;
    long pfn = pfns[first];
    long last = pfn;
    long frameBits = pfns[end - 1];
    for (int page = first + 1; page <= end; page++) {
      long next = page < end ? pfns[page] : -1;
      if (next == last + 1) {
        last = next;
        if (((page - start) & (2 * BLOCK_PAGES - 1)) == BLOCK_PAGES) {
          int block = consecutive(pfns, page, end);
          page += block;
          last += block;
        }
        continue;
      }
      int pages = page - start;
      if (pages <= maxPages && ((pfn ^ last) & aboveBoundary) == 0 && nents < addresses.length) {
        addresses[nents] = pfn << Pages.SHIFT;
        lengths[nents++] = pages << Pages.SHIFT;
      } else {
        columns.nents = nents;
        columns.place(pfn << Pages.SHIFT, (long) pages << Pages.SHIFT);
        nents = columns.nents;
        addresses = columns.addresses;
        lengths = columns.lengths;
      }
      frameBits |= pfn | last;
      start = page;
      pfn = next;
      last = next;
    }
    columns.nents = nents;
    columns.addressBits |= (frameBits << Pages.SHIFT) | Pages.OFFSET_MASK;
    return frameBits;
  }

  /**
   * How many frames after {@code page} continue it, counted in whole blocks. Straight-line code: a
   * page costs a load and two operations and no branch, which C2 makes of no loop by itself.
   */
  private static int consecutive(long[] pfns, int page, int end) {
    int at = page;
    while (at < end - BLOCK_PAGES) {
      long base = pfns[at];
      long differing =
          ((pfns[at + 1] - 1) ^ base)
              | ((pfns[at + 2] - 2) ^ base)
              | ((pfns[at + 3] - 3) ^ base)
              | ((pfns[at + 4] - 4) ^ base)
              | ((pfns[at + 5] - 5) ^ base)
              | ((pfns[at + 6] - 6) ^ base)
              | ((pfns[at + 7] - 7) ^ base)
              | ((pfns[at + 8] - 8) ^ base);
      if (differing != 0) {
        break;
      }
      at += BLOCK_PAGES;
    }
    return at - page;
  }

  private long appendFound(RunFinder with, long[] pfns, int first, int end, long inPage) {
    columns.ensure(end - first + with.slack());
    if (starts.length < end - first + 1 + with.slack()) {
      starts = new int[columns.addresses.length + 1];
    }
    int runs = with.find(pfns, first, end, columns.addresses, 0, starts);
    starts[runs] = end;
    int longest = with.measure(starts, runs, columns.lengths, 0);
    long crossed =
        with.crossings(columns.addresses, columns.lengths, 0, runs, columns.boundaryMask);
    columns.addressBits |= with.lastBits();
    if ((long) longest << Pages.SHIFT <= columns.maxSegmentBytes && crossed == 0) {
      int[] lengths = columns.lengths;
      for (int run = 0; run < runs; run++) {
        lengths[run] <<= Pages.SHIFT;
      }
      columns.nents = runs;
      columns.addresses[0] += inPage;
      lengths[0] -= (int) inPage;
    } else {
      cut(runs, inPage);
    }
    return with.frameBits();
  }

  private void cut(int runs, long inPage) {
    if (cutAddresses.length < runs) {
      cutAddresses = new long[columns.addresses.length];
    }
    System.arraycopy(columns.addresses, 0, cutAddresses, 0, runs);
    long skip = inPage;
    for (int run = 0; run < runs; run++) {
      long bytes = (long) (starts[run + 1] - starts[run]) << Pages.SHIFT;
      columns.place(cutAddresses[run] + skip, bytes - skip);
      skip = 0;
    }
  }
}
