package org.bufferyard.allocator.region;

import java.util.Arrays;
import org.bufferyard.allocator.Extents;

/**
 * The runs of page frames of one allocation, in an object that its owner fills again and again: run
 * {@code i} covers {@code pages(i)} pages from frame {@code pfn(i)}. Neighbours that continue one
 * another are one run. Not thread-safe; grows by doubling and never shrinks.
 *
 * <p>The first run lies in the object itself, so that the list of a contiguous buffer is one line
 * of the cache.
 */
public final class BlockList {
  private static final long[] NONE = {};

  private long firstPfn;
  private long firstPages;

  /** Runs 1 on, two cells each: frame and pages. */
  private long[] more = NONE;

  private int runs;

  /** Appends {@code pages} (at least 1) frames from {@code pfn} (not negative). */
  public void add(long pfn, long pages) {
    if (pfn < 0 || pages <= 0 || pfn > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException("run out of range, pfn=" + pfn + ", pages=" + pages);
    }
    append(pfn, pages);
  }

  /** As {@link #add}, of numbers known to be in range. */
  void append(long pfn, long pages) {
    if (runs == 0) {
      firstPfn = pfn;
      firstPages = pages;
      runs = 1;
    } else {
      appendAfter(runs - 1, pfn, pages);
    }
  }

  private void appendAfter(int last, long pfn, long pages) {
    if (pfn(last) + pages(last) == pfn) {
      lengthen(last, pages);
      return;
    }
    int cell = 2 * last;
    if (cell == more.length) {
      more = Arrays.copyOf(more, Math.max(4, 2 * cell));
    }
    more[cell] = pfn;
    more[cell + 1] = pages;
    runs++;
  }

  private void lengthen(int run, long pages) {
    if (run == 0) {
      firstPages += pages;
    } else {
      more[2 * run - 1] += pages;
    }
  }

  /** Makes this the runs of {@code extents}. */
  void set(Extents extents) {
    runs = 0;
    for (int run = 0; run < extents.runs(); run++) {
      append(extents.pfn(run), extents.pages(run));
    }
  }

  public void clear() {
    runs = 0;
  }

  public int runs() {
    return runs;
  }

  /** First page frame of run {@code run}, which must be there. */
  public long pfn(int run) {
    return run == 0 ? firstPfn : more[2 * run - 2];
  }

  /** Length of run {@code run}, which must be there, in pages. */
  public long pages(int run) {
    return run == 0 ? firstPages : more[2 * run - 1];
  }
}
