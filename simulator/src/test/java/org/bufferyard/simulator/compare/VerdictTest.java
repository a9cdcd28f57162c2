package org.bufferyard.simulator.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final double[] BASE = {10, 12, 9, 11, 14, 8, 10, 13};

  private static double[] plus(double[] values, double each) {
    return Arrays.stream(values).map(value -> value + each).toArray();
  }

  @Test
  void of_alwaysLess_betterWhereLessIsBetterAndWorseElse() {
    double[] less = {9, 11.5, 8, 10.5, 12, 7, 9, 12.5};
    assertThat(Verdict.of(less, BASE, true)).isEqualTo(Verdict.BETTER);
    assertThat(Verdict.of(BASE, less, true)).isEqualTo(Verdict.WORSE);
    assertThat(Verdict.of(less, BASE, false)).isEqualTo(Verdict.WORSE);
    assertThat(Verdict.of(BASE, less, false)).isEqualTo(Verdict.BETTER);
  }

  @Test
  void of_asOftenMoreAsLess_noDifference() {
    double[] other = {11, 11, 10, 10, 15, 7, 11, 12};
    assertThat(Verdict.of(other, BASE, true)).isEqualTo(Verdict.NO_DIFFERENCE);
  }

  @Test
  void of_equalOnEverySeed_noDifferenceHoweverFew() {
    assertThat(Verdict.of(BASE, BASE.clone(), true)).isEqualTo(Verdict.NO_DIFFERENCE);
    assertThat(Verdict.of(new double[] {1}, new double[] {1}, true))
        .isEqualTo(Verdict.NO_DIFFERENCE);
  }

  @Test
  void of_fivePairsAllAlike_tooFewAndWithSixADifference() {
    double[] five = {1, 2, 3, 4, 5};
    double[] six = {1, 2, 3, 4, 5, 6};
    assertThat(Verdict.of(plus(five, 1), five, true)).isEqualTo(Verdict.TOO_FEW);
    assertThat(Verdict.of(plus(six, 1), six, true)).isEqualTo(Verdict.WORSE);
  }

  @Test
  void of_aRunWithoutTheFigure_notComparable() {
    double[] gap = BASE.clone();
    gap[3] = Double.NaN;
    assertThat(Verdict.of(gap, BASE, true)).isEqualTo(Verdict.NOT_COMPARABLE);
  }

  /** Of pairs that differ by luck alone about one in twenty may be called different. */
  @Test
  void of_luckAlone_seldomADifference() {
    SplittableRandom random = new SplittableRandom(20261127);
    int rounds = 400;
    int called = 0;
    for (int round = 0; round < rounds; round++) {
      double[] own = random.doubles(10).toArray();
      double[] other = random.doubles(10).toArray();
      Verdict verdict = Verdict.of(own, other, true);
      called += verdict == Verdict.BETTER || verdict == Verdict.WORSE ? 1 : 0;
    }
    assertThat((double) called / rounds).isBetween(0.01, 0.07);
  }

  @Test
  void chance_ofSixAlike_isTwoOfSixtyFour() {
    assertThat(SignFlips.chance(new double[] {1, 2, 3, 4, 5, 6})).isEqualTo(2.0 / 64);
    assertThat(SignFlips.chance(new double[] {1, -1, 1, -1})).isEqualTo(1.0);
  }

  @Test
  void chance_ofMany_isDrawnAndNeverZero() {
    double[] alike = new double[40];
    Arrays.fill(alike, 1);
    assertThat(SignFlips.chance(alike)).isPositive().isLessThan(0.001);
  }

  @Test
  void interval_ofManyDraws_holdsTheMeanAndIsAsWideAsTheNormalOne() {
    double[] values = new SplittableRandom(5).doubles(400).toArray();
    Interval interval = Interval.of(values);
    double normalHalf = 1.96 * Math.sqrt(1.0 / 12 / values.length);
    assertThat(interval.low()).isLessThan(interval.mean());
    assertThat(interval.high()).isGreaterThan(interval.mean());
    assertThat(interval.halfWidth()).isCloseTo(normalHalf, within(0.15 * normalHalf));
    assertThat(Interval.of(values)).isEqualTo(interval);
  }

  @Test
  void interval_ofOneValueOrNone_isNone() {
    assertThat(Interval.of(new double[] {7})).isEqualTo(new Interval(7, Double.NaN, Double.NaN));
    assertThat(Interval.of(new double[0]).mean()).isNaN();
  }
}
