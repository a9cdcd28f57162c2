package org.bufferyard.simulator.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.compare.Metric;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;

/**
 * Says how much worse a policy does than the best of its rivals on a workload. Pure: equal
 * workloads get equal scores.
 *
 * @param target the policy under attack
 * @param rivals what it is held against; the best of them counts
 * @param metric one of which less is better, of a run alone
 * @param seeds of each trial
 */
record Judge(
    Scenarios scenarios, String target, List<String> rivals, Metric metric, List<Long> seeds) {

  /** Below these a figure counts as nothing, so that nothing over nothing is 1. */
  private static final double NANOS_FLOOR = 50_000;

  private static final double BYTES_FLOOR = 1 << 20;
  private static final double OTHER_FLOOR = 1;

  /**
   * @param ratio of the target's figure to the best rival's
   * @param rival that did best
   */
  record Score(double ratio, double target, double best, String rival) {}

  Score score(Genome genome) {
    double own = mean(genome, target);
    double best = Double.POSITIVE_INFINITY;
    String rival = "";
    for (String each : rivals) {
      double figure = mean(genome, each);
      if (figure < best) {
        best = figure;
        rival = each;
      }
    }
    double floor = floor();
    return new Score(Math.max(own, floor) / Math.max(best, floor), own, best, rival);
  }

  private double floor() {
    return switch (metric.unit()) {
      case NANOS -> NANOS_FLOOR;
      case BYTES -> BYTES_FLOOR;
      case COUNT, FACTOR -> OTHER_FLOOR;
      case SHARE -> OTHER_FLOOR / 100;
    };
  }

  private double mean(Genome genome, String policy) {
    double sum = 0;
    for (long seed : seeds) {
      RunResult run = run(genome, policy, seed);
      if (!run.violations().isEmpty()) {
        throw new BrokenRun(genome, policy, seed, run.violations().getFirst());
      }
      sum += metric.of(run);
    }
    return sum / seeds.size();
  }

  private RunResult run(Genome genome, String policy, long seed) {
    Scenario scenario =
        switch (scenarios.parse("attack", genome.text("under trial"), genome.settings(policy))) {
          case Outcome.Done<Scenario>(var done) -> done;
          case Outcome.Refused<Scenario>(var refusal) ->
              throw new IllegalStateException("a bred workload is legal, not " + refusal);
        };
    RunRequest request =
        new RunRequest(
            scenario,
            Generators.generate(
                scenario.workload(), scenario.durationNanos(), new SplittableRandom(seed)),
            seed,
            true,
            1,
            () -> 0,
            "");
    try {
      return Simulation.run(request, (at, of) -> {});
    } catch (IOException noSwapFile) {
      throw new UncheckedIOException(noSwapFile);
    }
  }
}
