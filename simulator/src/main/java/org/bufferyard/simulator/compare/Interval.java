package org.bufferyard.simulator.compare;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean and where it may lie: the percentile bootstrap's 95 % interval. With one value there is
 * none; low and high are then NaN.
 */
public record Interval(double mean, double low, double high) {
  private static final int RESAMPLES = 4_000;
  private static final double OUTSIDE = 0.025;

  /** Resampling is seeded: equal values give an equal interval. */
  private static final long SEED = 0x1b7e_9a11L;

  /** Of values that are all numbers; of none, or where one is not a number, all NaN. */
  public static Interval of(double[] values) {
    double mean = mean(values);
    if (Double.isNaN(mean) || values.length < 2) {
      return new Interval(mean, Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      means[i] = resampled(values, random);
    }
    Arrays.sort(means);
    int cut = (int) (OUTSIDE * RESAMPLES);
    return new Interval(mean, means[cut], means[RESAMPLES - 1 - cut]);
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  private static double resampled(double[] values, SplittableRandom random) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[random.nextInt(values.length)];
    }
    return sum / values.length;
  }

  /** Half its width; NaN without an interval. */
  public double halfWidth() {
    return (high - low) / 2;
  }
}
