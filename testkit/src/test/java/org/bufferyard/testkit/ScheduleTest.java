package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  static List<Strategy> strategies() {
    return List.of(
        Strategy.uniform(),
        Strategy.fifo(),
        Strategy.pct(3, 500),
        Strategy.starveOne(50),
        Strategy.delayOne(50),
        Strategy.bursts(16));
  }

  /** Whatever decided an order, its numbers decide it again. */
  @ParameterizedTest
  @MethodSource("strategies")
  void replaying_whatWasRecorded_sameHash(Strategy strategy) {
    Schedule schedule = new Schedule();
    long recorded = hash(schedule.recording(strategy), 7);
    assertThat(hash(strategy, 7)).as("recording changes nothing").isEqualTo(recorded);
    assertThat(hash(Schedule.replaying(schedule.picks()), 7)).isEqualTo(recorded);
  }

  @Seeded(runs = 5)
  void replaying_nothing_firstComeFirstServed(long seed) {
    assertThat(hash(Schedule.replaying(), seed)).isEqualTo(hash(Strategy.fifo(), seed));
  }

  @Seeded(runs = 5)
  void replaying_numbersThatFitNothing_runsToTheEnd(long seed) {
    int[] wild = new int[5_000];
    Arrays.setAll(wild, i -> (int) (seed >>> (i % 40)) % 1_000);
    assertThat(hash(Schedule.replaying(wild), seed)).isNotZero();
  }

  private static long hash(Strategy strategy, long seed) {
    return WorldRun.of(Settings.seed(seed).withStrategy(strategy)).eventHash();
  }
}
