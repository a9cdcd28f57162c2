package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallSeriesTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void meanNanos_binsOfASpan_isOfTheirJobsAlone() {
    StallSeries stalls = new StallSeries();
    long width = stalls.widthNanos();
    stalls.add(0, 100);
    stalls.add(width, 10);
    stalls.add(width, 30);
    stalls.add(3 * width, 500);
    assertThat(stalls.meanNanos(width, 3 * width)).isEqualTo(20);
    assertThat(stalls.meanNanos(0, 4 * width)).isEqualTo(160);
    assertThat(stalls.meanNanos(2 * width, 3 * width)).isNaN();
  }

  @Test
  void add_farFuture_binsDoubleAndNothingIsLost() {
    StallSeries stalls = new StallSeries();
    long first = stalls.widthNanos();
    for (int second = 0; second < 100; second++) {
      stalls.add(second * SECOND, second);
    }
    assertThat(stalls.widthNanos()).isGreaterThan(first);
    assertThat(stalls.meanNanos(0, 1_000 * SECOND)).isEqualTo(49.5);
  }

  @Test
  void addAll_otherWidth_isMerged() {
    StallSeries longOne = new StallSeries();
    longOne.add(90 * SECOND, 40);
    StallSeries shortOne = new StallSeries();
    shortOne.add(1, 20);
    shortOne.addAll(longOne);
    longOne.addAll(shortOne.copy());
    assertThat(shortOne.meanNanos(0, 100 * SECOND)).isEqualTo(30);
    assertThat(longOne.meanNanos(0, 10 * SECOND)).isEqualTo(20);
    assertThat(longOne.widthNanos()).isEqualTo(shortOne.widthNanos());
  }
}
