package org.bufferyard.actors.protocol;

import java.util.Arrays;

/**
 * What was last written to each page of a buffer, as runs of write stamps. Immutable: a job takes
 * it along and compares what it reads.
 *
 * <p>Run {@code i} covers the pages from {@code starts[i]} to the next start; every page is
 * covered.
 */
public final class Contents {
  /** The stamp of a page nobody wrote: it reads as zero. */
  public static final long NEVER_WRITTEN = 0;

  /** The stamp of a page whose last write was cut short: it may hold anything. */
  public static final long UNKNOWN = -1;

  private final long[] starts;
  private final long[] stamps;
  private final long pages;

  private Contents(long[] starts, long[] stamps, long pages) {
    this.starts = starts;
    this.stamps = stamps;
    this.pages = pages;
  }

  public static Contents neverWritten(long pages) {
    return new Contents(new long[] {0}, new long[] {NEVER_WRITTEN}, pages);
  }

  public long pages() {
    return pages;
  }

  public int runs() {
    return starts.length;
  }

  public long stampAt(long page) {
    int at = Arrays.binarySearch(starts, page);
    return stamps[at >= 0 ? at : -at - 2];
  }

  /** These contents after a write of {@code count} pages from {@code first}. */
  public Contents write(long first, long count, long stamp) {
    if (first < 0 || count <= 0 || first + count > pages) {
      throw new IllegalArgumentException(
          "write outside the buffer, first=" + first + ", count=" + count + ", pages=" + pages);
    }
    long end = first + count;
    long[] newStarts = new long[starts.length + 2];
    long[] newStamps = new long[starts.length + 2];
    int runs = 0;
    int run = 0;
    for (; run < starts.length && starts[run] < first; run++) {
      runs = append(newStarts, newStamps, runs, starts[run], stamps[run]);
    }
    runs = append(newStarts, newStamps, runs, first, stamp);
    if (end < pages) {
      runs = append(newStarts, newStamps, runs, end, stampAt(end));
    }
    for (; run < starts.length; run++) {
      if (starts[run] > end) {
        runs = append(newStarts, newStamps, runs, starts[run], stamps[run]);
      }
    }
    return new Contents(Arrays.copyOf(newStarts, runs), Arrays.copyOf(newStamps, runs), pages);
  }

  /** A run of the stamp before it merges with that one. */
  private static int append(long[] starts, long[] stamps, int runs, long start, long stamp) {
    if (runs > 0 && stamps[runs - 1] == stamp) {
      return runs;
    }
    starts[runs] = start;
    stamps[runs] = stamp;
    return runs + 1;
  }

  @Override
  public String toString() {
    return "Contents[pages=" + pages + ", runs=" + runs() + "]";
  }
}
