package org.bufferyard.simulator.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;

/**
 * What checking costs on Akka's dispatchers, in CPU time of the whole process for each message
 * handled: the same workload without, with one buffer in 8, and with all, in turn in one JVM. As a
 * program: {@code SamplingCost ROUNDS}; {@code docs/sanitizer.md} has its figures.
 */
final class SamplingCost {
  private static final List<Sampling> SAMPLINGS =
      List.of(Sampling.OFF, new Sampling(100), new Sampling(8), Sampling.ALL);

  private static Scenario scenario() {
    List<String> settings =
        List.of("contents=tags", "duration=2 s", "workload.devices=64", "workload.buffers=640");
    return switch (new Scenarios(List.of("lru")).load("importers", settings)) {
      case Outcome.Done<Scenario>(Scenario made) -> made;
      case Outcome.Refused<Scenario>(var refusal) ->
          throw new IllegalStateException(refusal.toString());
    };
  }

  private static double nanosPerMessage(Scenario scenario, Sampling sampling) throws IOException {
    var os =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = os.getProcessCpuTime();
    RunResult result =
        Simulation.run(
            new RunRequest(
                scenario,
                Generators.generate(
                    scenario.workload(), scenario.durationNanos(), new SplittableRandom(1)),
                1,
                false,
                1,
                System::nanoTime,
                "",
                RunRequest.USUAL,
                sampling),
            (at, total) -> {});
    if (!result.violations().isEmpty()) {
      throw new IllegalStateException(result.violations().toString());
    }
    return (double) (os.getProcessCpuTime() - before) / result.events();
  }

  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    Scenario scenario = scenario();
    List<List<Double>> all = new ArrayList<>();
    SAMPLINGS.forEach(sampling -> all.add(new ArrayList<>()));
    for (int round = 0; round <= rounds; round++) {
      for (int at = 0; at < SAMPLINGS.size(); at++) {
        double nanos = nanosPerMessage(scenario, SAMPLINGS.get(at));
        if (round > 0) {
          all.get(at).add(nanos);
        }
      }
    }
    double off = median(all.getFirst());
    for (int at = 0; at < SAMPLINGS.size(); at++) {
      double nanos = median(all.get(at));
      System.out.printf(
          Locale.ROOT,
          "%-6s %,8.0f ns a message, %.2f times off%n",
          SAMPLINGS.get(at),
          nanos,
          nanos / off);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private SamplingCost() {}
}
