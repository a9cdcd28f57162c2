package org.bufferyard.allocator;

import java.util.Arrays;

/**
 * The runs of page frames that hold a buffer, in buffer order: run {@code i} covers {@code
 * pages(i)} pages from frame {@code pfn(i)}. Immutable; neighbouring runs that continue one another
 * are merged by the builder, so {@code runs()} is the least number.
 *
 * <p>Structure of arrays: two {@code long[runs]} columns, 16 bytes a run.
 */
public final class Extents {
  public static final Extents NONE = new Extents(new long[0], new long[0], 0);

  private final long[] pfns;
  private final long[] pageCounts;
  private final long totalPages;
  private final long highestPfn;
  private final long longestRun;

  private Extents(long[] pfns, long[] pageCounts, long totalPages) {
    this.pfns = pfns;
    this.pageCounts = pageCounts;
    this.totalPages = totalPages;
    long highest = -1;
    long longest = 0;
    for (int run = 0; run < pfns.length; run++) {
      highest = Math.max(highest, pfns[run] + pageCounts[run] - 1);
      longest = Math.max(longest, pageCounts[run]);
    }
    highestPfn = highest;
    longestRun = longest;
  }

  /** One contiguous run. */
  public static Extents of(long pfn, long pages) {
    return new Builder().add(pfn, pages).build();
  }

  public int runs() {
    return pfns.length;
  }

  /** First page frame of run {@code run}. */
  public long pfn(int run) {
    return pfns[run];
  }

  /** Length of run {@code run} in pages. */
  public long pages(int run) {
    return pageCounts[run];
  }

  public long totalPages() {
    return totalPages;
  }

  /** Physically contiguous, or empty. */
  public boolean contiguous() {
    return pfns.length <= 1;
  }

  /** The highest page frame, or -1 when empty. */
  public long highestPfn() {
    return highestPfn;
  }

  /** Pages of the longest run, 0 when empty. */
  public long longestRun() {
    return longestRun;
  }

  /**
   * Writes the physical addresses and lengths of {@code count} runs from {@code firstRun} on, in
   * bytes, to slots 0 on of the columns. No run may be longer than {@code UINT_MAX} bytes.
   */
  public void copyRuns(int firstRun, int count, long[] addresses, int[] lengths) {
    for (int run = 0; run < count; run++) {
      addresses[run] = pfns[firstRun + run] << Pages.SHIFT;
    }
    for (int run = 0; run < count; run++) {
      lengths[run] = (int) pageCounts[firstRun + run] << Pages.SHIFT;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents that
        && Arrays.equals(pfns, that.pfns)
        && Arrays.equals(pageCounts, that.pageCounts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pfns) + Arrays.hashCode(pageCounts);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int run = 0; run < pfns.length; run++) {
      text.append(run == 0 ? "" : " ").append(pfns[run]).append('+').append(pageCounts[run]);
    }
    return text.append(']').toString();
  }

  /** Collects runs in buffer order; reusable after {@link #build}. Not thread-safe. */
  public static final class Builder {
    private long[] pfns = new long[8];
    private long[] pageCounts = new long[8];
    private int runs;
    private long totalPages;

    /** Appends {@code pages} (at least 1) frames from {@code pfn} (not negative). */
    public Builder add(long pfn, long pages) {
      if (pfn < 0 || pages <= 0 || pfn > Long.MAX_VALUE - pages) {
        throw new IllegalArgumentException("run out of range, pfn=" + pfn + ", pages=" + pages);
      }
      if (runs > 0 && pfns[runs - 1] + pageCounts[runs - 1] == pfn) {
        pageCounts[runs - 1] += pages;
      } else {
        append(pfn, pages);
      }
      totalPages = Math.addExact(totalPages, pages);
      return this;
    }

    private void append(long pfn, long pages) {
      if (runs == pfns.length) {
        pfns = Arrays.copyOf(pfns, runs * 2);
        pageCounts = Arrays.copyOf(pageCounts, runs * 2);
      }
      pfns[runs] = pfn;
      pageCounts[runs++] = pages;
    }

    public long totalPages() {
      return totalPages;
    }

    /** The runs so far; the builder is empty afterwards. */
    public Extents build() {
      Extents built =
          runs == 0
              ? NONE
              : new Extents(Arrays.copyOf(pfns, runs), Arrays.copyOf(pageCounts, runs), totalPages);
      runs = 0;
      totalPages = 0;
      return built;
    }
  }
}
