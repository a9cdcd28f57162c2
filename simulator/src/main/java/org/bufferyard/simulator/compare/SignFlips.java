package org.bufferyard.simulator.compare;

import java.util.SplittableRandom;

/** The permutation test of paired differences: were the signs luck, how often so far from zero? */
final class SignFlips {
  private static final int EXACT_MAX = 12;
  private static final int DRAWS = 20_000;
  private static final long SEED = 0x51f1_1b5L;

  /** A share of rounding that must not make equal sums differ. */
  private static final double SLACK = 1e-12;

  /**
   * Two-sided; exact for up to {@value #EXACT_MAX} differences, else of {@value #DRAWS} drawn
   * flips, the observed one counted in.
   */
  static double chance(double[] differences) {
    double observed = Math.abs(flipped(differences, 0L)) * (1 - SLACK);
    int count = differences.length;
    if (count <= EXACT_MAX) {
      int asFar = 0;
      for (long signs = 0; signs < 1L << count; signs++) {
        asFar += Math.abs(flipped(differences, signs)) >= observed ? 1 : 0;
      }
      return (double) asFar / (1L << count);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    int asFar = 1;
    for (int i = 0; i < DRAWS; i++) {
      asFar += Math.abs(drawn(differences, random)) >= observed ? 1 : 0;
    }
    return (double) asFar / (DRAWS + 1);
  }

  private static double flipped(double[] differences, long signs) {
    double sum = 0;
    for (int i = 0; i < differences.length; i++) {
      sum += (signs >>> i & 1) == 0 ? differences[i] : -differences[i];
    }
    return sum;
  }

  private static double drawn(double[] differences, SplittableRandom random) {
    double sum = 0;
    for (double difference : differences) {
      sum += random.nextBoolean() ? difference : -difference;
    }
    return sum;
  }

  private SignFlips() {}
}
