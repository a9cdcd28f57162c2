package org.bufferyard.simulator.compare;

/**
 * Whether one policy does better than another, on the same seeds. Two things must agree before a
 * difference is called one: the bootstrap's 95 % interval of the mean paired difference leaves out
 * zero, and so many or more flips of the differences' signs as the data show are rarer than 5 % (an
 * exact test, which a handful of runs cannot deceive as they do the bootstrap).
 */
public enum Verdict {
  BETTER("+"),
  WORSE("-"),
  NO_DIFFERENCE("="),
  /** Fewer than {@value #PAIRS_MIN} pairs can never be told from luck. */
  TOO_FEW("?"),
  /** One of the two has no figure. */
  NOT_COMPARABLE(" ");

  /** The least number of pairs whose exact two-sided test can pass at 5 %: 2 / 2^6. */
  static final int PAIRS_MIN = 6;

  private static final double LEVEL = 0.05;

  private final String mark;

  Verdict(String mark) {
    this.mark = mark;
  }

  /** One character for a table. */
  public String mark() {
    return mark;
  }

  /**
   * Of {@code own} against {@code other}, value by value of the same seed.
   *
   * @param lowerIsBetter as {@link Metric#lowerIsBetter} has it
   */
  static Verdict of(double[] own, double[] other, boolean lowerIsBetter) {
    double[] differences = new double[own.length];
    boolean equal = true;
    for (int i = 0; i < own.length; i++) {
      differences[i] = own[i] - other[i];
      if (Double.isNaN(differences[i])) {
        return NOT_COMPARABLE;
      }
      equal &= differences[i] == 0;
    }
    if (equal) {
      return NO_DIFFERENCE;
    }
    if (own.length < PAIRS_MIN) {
      return TOO_FEW;
    }
    Interval mean = Interval.of(differences);
    boolean leavesOutZero = mean.low() > 0 || mean.high() < 0;
    if (!leavesOutZero || SignFlips.chance(differences) > LEVEL) {
      return NO_DIFFERENCE;
    }
    return mean.mean() < 0 == lowerIsBetter ? BETTER : WORSE;
  }
}
