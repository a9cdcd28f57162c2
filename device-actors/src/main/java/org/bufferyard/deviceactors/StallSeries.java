package org.bufferyard.deviceactors;

import java.util.Arrays;

/**
 * Stalls over time: their sum and number in bins of equal width. At most {@link #BINS_MAX}; where
 * these do not reach, neighbours are merged and the width doubles. Not thread-safe; owned by the
 * device, copies by who asked for them.
 */
public final class StallSeries {
  static final int BINS_MAX = 4_096;
  private static final long WIDTH_NANOS = 1L << 21;

  private long widthNanos = WIDTH_NANOS;
  private long[] sums = new long[64];
  private int[] counts = new int[64];
  private int bins;

  /** A job ended at {@code atNanos} that had waited so long. */
  public void add(long atNanos, long stallNanos) {
    while (atNanos / widthNanos >= BINS_MAX) {
      widen();
    }
    add((int) (atNanos / widthNanos), stallNanos, 1);
  }

  private void add(int bin, long sum, int count) {
    if (bin >= sums.length) {
      int columns = Math.max(2 * sums.length, bin + 1);
      sums = Arrays.copyOf(sums, columns);
      counts = Arrays.copyOf(counts, columns);
    }
    sums[bin] += sum;
    counts[bin] += count;
    bins = Math.max(bins, bin + 1);
  }

  private void widen() {
    for (int bin = 0; bin < bins; bin++) {
      long sum = sums[bin];
      int count = counts[bin];
      sums[bin] = 0;
      counts[bin] = 0;
      sums[bin / 2] += sum;
      counts[bin / 2] += count;
    }
    bins = (bins + 1) / 2;
    widthNanos *= 2;
  }

  /** Adds all of {@code other}'s, which is left as it is. */
  public void addAll(StallSeries other) {
    StallSeries more = other.copy();
    while (widthNanos < more.widthNanos) {
      widen();
    }
    while (more.widthNanos < widthNanos) {
      more.widen();
    }
    for (int bin = 0; bin < more.bins; bin++) {
      add(bin, more.sums[bin], more.counts[bin]);
    }
  }

  public StallSeries copy() {
    StallSeries copy = new StallSeries();
    copy.widthNanos = widthNanos;
    copy.sums = sums.clone();
    copy.counts = counts.clone();
    copy.bins = bins;
    return copy;
  }

  /** Mean of the jobs that ended in {@code [fromNanos, endNanos)}, by whole bins; NaN for none. */
  public double meanNanos(long fromNanos, long endNanos) {
    long sum = 0;
    long count = 0;
    int end = (int) Math.min(bins, endNanos / widthNanos);
    for (int bin = (int) Math.min(bins, fromNanos / widthNanos); bin < end; bin++) {
      sum += sums[bin];
      count += counts[bin];
    }
    return count == 0 ? Double.NaN : (double) sum / count;
  }

  public long widthNanos() {
    return widthNanos;
  }
}
