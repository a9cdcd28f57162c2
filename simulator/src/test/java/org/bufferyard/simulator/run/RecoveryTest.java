package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bufferyard.deviceactors.StallSeries;
import org.bufferyard.simulator.workload.Workload;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final long MILLI = 1_000_000L;

  private static Workload phases(Workload.Phase... phases) {
    return new Workload("test", List.of(), 0, 2_000 * MILLI).withPhases(List.of(phases));
  }

  /** A job every millisecond; 1,000 ns of stall, ten times that for a while after the change. */
  private static StallSeries stalls(long troubleMillis) {
    StallSeries stalls = new StallSeries();
    for (long milli = 0; milli < 2_000; milli++) {
      boolean trouble = milli >= 1_000 && milli < 1_000 + troubleMillis;
      stalls.add(milli * MILLI, trouble ? 10_000 : 1_000);
    }
    return stalls;
  }

  private static final Workload CHANGE =
      phases(new Workload.Phase("a", 0), new Workload.Phase("b", 1_000 * MILLI));

  @Test
  void of_troubleAfterAChange_isItsLengthAndTheWindow() {
    Recovery recovery = Recovery.of(CHANGE, stalls(200));
    assertThat(recovery.nanos()).isCloseTo(300.0 * MILLI, within(8.0 * MILLI));
    assertThat(recovery.steadyNanos()).isEqualTo(1_000);
  }

  @Test
  void of_noTrouble_isOneWindow() {
    assertThat(Recovery.of(CHANGE, stalls(0)).nanos())
        .isCloseTo(100.0 * MILLI, within(5.0 * MILLI));
  }

  /** So much less in the phase's very end that no window before it comes near the mean. */
  @Test
  void of_steadyOnlyAtItsVeryEnd_isNearlyTheWholePhase() {
    StallSeries never = new StallSeries();
    for (long milli = 1_000; milli < 1_900; milli++) {
      never.add(milli * MILLI, 1_000_000);
    }
    for (long job = 0; job < 100_000; job++) {
      never.add(1_990 * MILLI, 0);
    }
    assertThat(Recovery.of(CHANGE, never).nanos()).isGreaterThan(985.0 * MILLI);
  }

  @Test
  void of_noPhasesOrNoJobs_isNoFigure() {
    assertThat(Recovery.of(phases(), stalls(10)).nanos()).isNaN();
    assertThat(Recovery.of(CHANGE, new StallSeries()).nanos()).isNaN();
  }
}
