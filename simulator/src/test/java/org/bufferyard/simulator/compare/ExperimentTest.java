package org.bufferyard.simulator.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;
import org.junit.jupiter.api.Test;

/** Real runs, short ones. */
class ExperimentTest {
  private static final List<String> POLICIES = List.of("lru", "mru");
  private static final List<String> SIZES = List.of("40 %", "300 %");
  private static final List<Long> SEEDS = List.of(1L, 2L);

  private static RunRequest request(String policy, String vram, long seed) {
    List<String> settings =
        List.of(
            "policy=" + policy, "duration=1200 ms", "contents=tags", "regions.VRAM.size=" + vram);
    Scenario scenario =
        switch (new Scenarios(POLICIES).load("desktop", settings)) {
          case Outcome.Done<Scenario>(var done) -> done;
          case Outcome.Refused<Scenario>(var refusal) ->
              throw new IllegalArgumentException(refusal.toString());
        };
    return new RunRequest(
        scenario,
        Generators.generate(
            scenario.workload(), scenario.durationNanos(), new SplittableRandom(seed)),
        seed,
        true,
        1,
        () -> 0,
        "");
  }

  private static Comparison performed(List<Integer> progress) {
    List<RunRequest> runs = new ArrayList<>();
    for (String size : SIZES) {
      for (long seed : SEEDS) {
        POLICIES.forEach(policy -> runs.add(request(policy, size, seed)));
      }
    }
    List<RunRequest> roomy = SEEDS.stream().map(seed -> request("lru", "300 %", seed)).toList();
    return new Experiment(POLICIES, SIZES, SEEDS, runs, roomy)
        .perform(
            (int count, IntConsumer task) -> {
              for (int i = count - 1; i >= 0; i--) {
                task.accept(i);
              }
            },
            (done, of) -> progress.add(done));
  }

  private static final List<Integer> PROGRESS = new ArrayList<>();
  private static final Comparison COMPARISON = performed(PROGRESS);

  @Test
  void perform_twoPolicies_runsArePairedAndWhereTheyBelong() throws IOException {
    assertThat(PROGRESS).hasSize(10).endsWith(10);
    assertThat(COMPARISON.violations()).isZero();
    RunResult alone = Simulation.run(request("mru", "40 %", 2), (at, of) -> {});
    RunResult compared = COMPARISON.run(0, 1, 1);
    assertThat(compared.policy()).isEqualTo("mru");
    assertThat(compared.seed()).isEqualTo(2);
    assertThat(compared.eventHash()).isEqualTo(alone.eventHash());
    assertThat(COMPARISON.run(0, 1, 0).requests().get("export"))
        .as("the same workload")
        .isEqualTo(compared.requests().get("export"));
  }

  @Test
  void values_ofRealRuns_shortMemoryMovesMoreAndRoomyRunsAreTheYardstick() {
    for (int policy = 0; policy < 2; policy++) {
      double shortOf = COMPARISON.interval(Metric.MOVED, 0, policy).mean();
      double roomy = COMPARISON.interval(Metric.MOVED, 1, policy).mean();
      assertThat(shortOf).isGreaterThan(roomy);
      assertThat(COMPARISON.interval(Metric.SLOWDOWN, 0, policy).mean()).isGreaterThan(1);
      assertThat(COMPARISON.interval(Metric.SLOWDOWN, 1, policy).mean()).isCloseTo(1, within(1e-9));
      assertThat(COMPARISON.interval(Metric.FAIRNESS, 1, policy).mean()).isCloseTo(1, within(1e-9));
    }
    assertThat(COMPARISON.ranked(Metric.MOVED, 0)).containsExactlyInAnyOrder(0, 1);
    assertThat(COMPARISON.verdict(Metric.MOVED, 1, 0, 1)).isEqualTo(Verdict.NO_DIFFERENCE);
  }
}
