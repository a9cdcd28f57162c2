package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.testkit.Strategy;
import org.bufferyard.testkit.junit.Seeded;

/**
 * Orders that a uniform choice hardly ever makes: an actor that comes last for a long time, one
 * that keeps the thread, first come first served. What an overloaded machine does to a run on
 * threads.
 */
class StrategiesTest {
  private static final int RUNS = 10;

  private static void expectClean(long seed, Strategy strategy) {
    expectClean(Rig.scenario("desktop", "duration=100 ms", "contents=tags"), seed, strategy);
    expectClean(
        Rig.scenario(
            "importers",
            "duration=60 ms",
            "contents=tags",
            "workload.devices=12",
            "workload.buffers=60",
            "regions.VRAM.size=25 %"),
        seed,
        strategy);
  }

  private static void expectClean(Scenario scenario, long seed, Strategy strategy) {
    RunResult result = Rig.run(scenario, seed, strategy);
    assertThat(result.violations()).as(scenario.name()).isEmpty();
    assertThat(result.jobs()).as(scenario.name()).isPositive();
    assertThat(result.replies())
        .as(scenario.name())
        .isEqualTo(result.requests().values().stream().mapToLong(Long::longValue).sum());
  }

  @Seeded(runs = RUNS)
  void run_pct_clean(long seed) {
    expectClean(seed, Strategy.pct(3));
  }

  @Seeded(runs = RUNS)
  void run_oneDelayed_clean(long seed) {
    expectClean(seed, Strategy.delayOne(2_000));
  }

  @Seeded(runs = RUNS)
  void run_bursts_clean(long seed) {
    expectClean(seed, Strategy.bursts(64));
  }

  @Seeded(runs = 2)
  void run_firstComeFirstServed_clean(long seed) {
    expectClean(seed, Strategy.fifo());
  }
}
