package org.bufferyard.allocator;

import java.util.Arrays;

/**
 * The runs of page frames that hold a buffer, in buffer order: run {@code i} covers {@code
 * pages(i)} pages from frame {@code pfn(i)}. Immutable; neighbouring runs that continue one another
 * are merged by the builder, so {@code runs()} is the least number.
 *
 * <p>Structure of arrays in the form a scatterlist has: addresses and lengths in bytes, 12 bytes a
 * run, so that a list of whole runs is a copy of both columns. Where a frame has no 64-bit address
 * or a run is longer than {@code UINT_MAX} bytes, frames and page counts are kept instead, 16 bytes
 * a run. Longest run, highest frame and boundary crossings are known from the start.
 */
public final class Extents {
  private static final long[] NO_COUNTS = {};

  public static final Extents NONE = new Extents(new long[0], new long[0], 0);

  /** Most pages of a run whose length in bytes fits an unsigned int. */
  private static final long SHORT_RUN_PAGES_MAX = DmaConstraints.UINT_MAX >>> Pages.SHIFT;

  /** Shorter lists are copied in a loop, which a call for each column would not repay. */
  private static final int COPIED_RUNS_MIN = 8;

  /** Addresses, or page frames where {@code wide}. */
  private final long[] firsts;

  /** Bytes as unsigned ints; empty where {@code wide}. */
  private final int[] lengths;

  /** Empty unless {@code wide}. */
  private final long[] pageCounts;

  private final boolean wide;
  private final long totalPages;
  private final long highestPfn;
  private final long longestRun;
  private final long crossings;

  /** Takes ownership of both columns. */
  private Extents(long[] pfns, long[] pageCounts, long totalPages) {
    this.totalPages = totalPages;
    long highest = -1;
    long longest = 0;
    long crossed = 0;
    for (int run = 0; run < pfns.length; run++) {
      long last = pfns[run] + pageCounts[run] - 1;
      highest = Math.max(highest, last);
      longest = Math.max(longest, pageCounts[run]);
      crossed |= pfns[run] ^ last;
    }
    highestPfn = highest;
    longestRun = longest;
    crossings = (crossed << Pages.SHIFT) | Pages.OFFSET_MASK;
    wide = longest > SHORT_RUN_PAGES_MAX || highest > -1L >>> Pages.SHIFT;
    firsts = pfns;
    this.pageCounts = wide ? pageCounts : NO_COUNTS;
    lengths = wide ? new int[0] : narrow(pfns, pageCounts);
  }

  /** Turns frames into addresses in place, page counts into lengths in bytes. */
  private static int[] narrow(long[] pfns, long[] pageCounts) {
    int[] lengths = new int[pfns.length];
    for (int run = 0; run < lengths.length; run++) {
      pfns[run] <<= Pages.SHIFT;
      lengths[run] = (int) pageCounts[run] << Pages.SHIFT;
    }
    return lengths;
  }

  /** One contiguous run. */
  public static Extents of(long pfn, long pages) {
    return new Builder().add(pfn, pages).build();
  }

  public int runs() {
    return firsts.length;
  }

  /** First page frame of run {@code run}. */
  public long pfn(int run) {
    return wide ? firsts[run] : firsts[run] >>> Pages.SHIFT;
  }

  /** Length of run {@code run} in pages. */
  public long pages(int run) {
    return wide ? pageCounts[run] : Integer.toUnsignedLong(lengths[run]) >>> Pages.SHIFT;
  }

  public long totalPages() {
    return totalPages;
  }

  /** Physically contiguous, or empty. */
  public boolean contiguous() {
    return firsts.length <= 1;
  }

  /** The highest page frame, or -1 when empty. */
  public long highestPfn() {
    return highestPfn;
  }

  /** Pages of the longest run, 0 when empty. */
  public long longestRun() {
    return longestRun;
  }

  /** All bits in which the addresses of any run's first and last byte differ. */
  public long crossings() {
    return crossings;
  }

  /**
   * Writes the physical addresses and lengths of {@code count} runs from {@code firstRun} on, in
   * bytes, to slots 0 on of the columns. No run may be longer than {@code UINT_MAX} bytes, no frame
   * without a 64-bit address.
   */
  public void copyRuns(int firstRun, int count, long[] toAddresses, int[] toLengths) {
    if (count >= COPIED_RUNS_MIN) {
      System.arraycopy(firsts, firstRun, toAddresses, 0, count);
      System.arraycopy(lengths, firstRun, toLengths, 0, count);
      return;
    }
    for (int run = 0; run < count; run++) {
      toAddresses[run] = firsts[firstRun + run];
      toLengths[run] = lengths[firstRun + run];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents that
        && Arrays.equals(firsts, that.firsts)
        && Arrays.equals(lengths, that.lengths)
        && Arrays.equals(pageCounts, that.pageCounts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(firsts) + Arrays.hashCode(lengths))
        + Arrays.hashCode(pageCounts);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int run = 0; run < firsts.length; run++) {
      text.append(run == 0 ? "" : " ").append(pfn(run)).append('+').append(pages(run));
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
