package org.bufferyard.benchmarks.policy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;

/**
 * What do eight shadow policies cost a run?
 *
 * <p>The same deterministic run of the desktop without and with them in turn, in one JVM; processor
 * time of the one thread that runs it, medians of the rounds: {@code java -cp ...
 * org.bufferyard.benchmarks.policy.ShadowCost}.
 */
public final class ShadowCost {
  private static final int ROUNDS = 7;
  private static final List<String> EIGHT =
      List.of("lru", "clock", "sieve", "s3-fifo", "w-tinylfu", "ttm", "wddm", "hotness");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  public static void main(String[] args) throws IOException {
    Scenario scenario =
        switch (new Scenarios(EIGHT).load("desktop", List.of("contents=tags", "duration=5 s"))) {
          case Outcome.Done<Scenario>(var done) -> done;
          case Outcome.Refused<Scenario>(var refusal) ->
              throw new IllegalStateException(refusal.toString());
        };
    double[] without = new double[ROUNDS];
    double[] with = new double[ROUNDS];
    long uses = 0;
    for (int round = -2; round < ROUNDS; round++) {
      double none = seconds(scenario, List.of()).seconds;
      Timed eight = seconds(scenario, EIGHT);
      uses = eight.result.findings().measures().uses();
      if (round >= 0) {
        without[round] = none;
        with[round] = eight.seconds;
      }
    }
    double base = median(without);
    double shadowed = median(with);
    System.out.printf(
        Locale.ROOT,
        "without %.3f s, with eight shadows %.3f s: %+.1f %%; %d uses, %.0f ns a use and shadow%n",
        base,
        shadowed,
        100 * (shadowed / base - 1),
        uses,
        (shadowed - base) * 1e9 / uses / EIGHT.size());
  }

  private record Timed(double seconds, RunResult result) {}

  private static Timed seconds(Scenario scenario, List<String> shadows) throws IOException {
    RunRequest request =
        new RunRequest(
                scenario,
                Generators.generate(
                    scenario.workload(), scenario.durationNanos(), new SplittableRandom(1)),
                1,
                true,
                1,
                System::nanoTime,
                "")
            .watching(new Watching(RunRequest.USUAL.moves(), 0, shadows));
    long before = THREADS.getCurrentThreadCpuTime();
    RunResult result = Simulation.run(request, (at, of) -> {});
    return new Timed((THREADS.getCurrentThreadCpuTime() - before) / 1e9, result);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private ShadowCost() {}
}
