package org.bufferyard.actors.fence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits whose end makes no sense: over at once, or as long as there is. */
class WaitResultTest {
  @ParameterizedTest
  @ValueSource(longs = {4, 0, -1, Long.MIN_VALUE, Long.MIN_VALUE + 4})
  void of_endThatHasPassed_timedOut(long untilNanos) {
    assertThat(WaitResult.of(false, 5, untilNanos)).isEqualTo(new WaitResult.TimedOut());
    assertThat(WaitResult.of(true, 5, untilNanos)).isEqualTo(new WaitResult.Signalled(1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 9223372036854775807, 9223372036854775807",
    "-5, 9223372036854775807, 9223372036854775807",
    "-9223372036854775808, 1, 9223372036854775807",
    "5, 6, 1"
  })
  void of_endFarAhead_waitsNoLongerThanTimeLasts(long nowNanos, long untilNanos, long left) {
    assertThat(WaitResult.of(false, nowNanos, untilNanos)).isEqualTo(new WaitResult.Waiting(left));
  }
}
