package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.actors.sanitizer.Sanitizer;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.simulator.fault.ClientFaults;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.simulator.workload.Workload;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.Strategy;

/** Runs worlds for tests: bundled scenarios with settings over them, whole or sabotaged. */
final class Rig {
  private static final long STEPS_MAX = 50_000_000L;

  /** What goes wrong in a run on purpose: faults throughout, and a blow at one time. */
  record Sabotage(Faults faults, long atNanos, Consumer<Ground> blow) {
    static Sabotage of(Faults faults) {
      return new Sabotage(faults, Long.MAX_VALUE, ground -> {});
    }

    static Sabotage at(long atNanos, Consumer<Ground> blow) {
      return new Sabotage(Faults.NONE, atNanos, blow);
    }
  }

  static Scenario scenario(String name, String... settings) {
    return switch (new Scenarios(policies()).load(name, List.of(settings))) {
      case Outcome.Done<Scenario>(var scenario) -> scenario;
      case Outcome.Refused<Scenario>(var refusal) ->
          throw new IllegalArgumentException(refusal.toString());
    };
  }

  /** Those that need not know the future. */
  static List<String> policies() {
    return Policies.all().stream()
        .filter(provider -> !provider.offline())
        .map(PolicyProvider::name)
        .toList();
  }

  static RunRequest request(Scenario scenario, long seed, boolean deterministic, double speed) {
    return new RunRequest(
        scenario, workload(scenario, seed), seed, deterministic, speed, System::nanoTime, "");
  }

  private static Workload workload(Scenario scenario, long seed) {
    return Generators.generate(
        scenario.workload(), scenario.durationNanos(), NamedRandom.stream(seed, "workload"));
  }

  static RunResult run(Scenario scenario, long seed) {
    return run(request(scenario, seed, true, 1));
  }

  static RunResult run(RunRequest request) {
    try {
      return Simulation.run(request, (at, total) -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link Simulation} runs it, in an order of another kind. */
  static RunResult run(Scenario scenario, long seed, Strategy strategy) {
    return run(scenario, Settings.seed(seed).withStrategy(strategy), Sabotage.of(Faults.NONE));
  }

  /** As {@link Simulation} runs it, with hands in the works. */
  static RunResult sabotaged(Scenario scenario, long seed, Sabotage sabotage) {
    return run(scenario, Settings.seed(seed), sabotage);
  }

  private static RunResult run(Scenario scenario, Settings settings, Sabotage sabotage) {
    long seed = settings.seed();
    RunRequest request = request(scenario, seed, true, 1);
    List<Ending> ending = new ArrayList<>();
    try (Ground ground = Ground.lay(scenario, swapFolder())) {
      Clock clock = new Clock();
      Director.Brief brief =
          new Director.Brief(
              scenario,
              request.workload(),
              ground,
              clock,
              name -> NamedRandom.stream(seed, name),
              new Director.Mishaps(sabotage.faults(), ClientFaults.NONE),
              Scale.FULL,
              (at, total) -> {},
              ending::add,
              request.watching(),
              Sampling.OFF);
      Sanitizer sanitizer = new Sanitizer(ground.topology, ground.memory, clock::nowNanos);
      ground.memory.watchedBy(sanitizer.memoryWatch());
      try (var system =
          DeterministicSystem.create(
              Director.create(brief),
              "rig",
              settings.withObserver(new Observers.Shown(sanitizer)))) {
        clock.source = system::nowNanos;
        if (sabotage.atNanos() < Long.MAX_VALUE) {
          system.runFor(Duration.ofNanos(sabotage.atNanos()));
          sabotage.blow().accept(ground);
        }
        system.run(() -> !ending.isEmpty(), STEPS_MAX);
        assertThat(system.failures().count()).isZero();
        assertThat(sanitizer.findings()).isEmpty();
        return new ResultMaker(request, ground.topology, ending.getFirst())
            .deterministic(system.steps(), system.eventHash(), 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path swapFolder() throws IOException {
    Path folder = Files.createTempDirectory("bufferyard-test");
    folder.toFile().deleteOnExit();
    return folder;
  }

  /** All frames of all regions that have any. */
  static void fillEverything(Ground ground, long tag) {
    PhysicalMemory memory = ground.memory;
    ground.topology.regions().stream()
        .filter(place -> place.windowOf() < 0)
        .forEach(
            place -> {
              for (long pfn = place.basePfn(); pfn < place.basePfn() + place.pages(); pfn++) {
                memory.write(pfn, tag);
              }
            });
  }

  private static final class Clock implements ModelClock {
    LongSupplier source = () -> 0;

    @Override
    public long nowNanos() {
      return source.getAsLong();
    }

    @Override
    public Duration toScheduler(long modelNanos) {
      return Duration.ofNanos(modelNanos);
    }
  }

  private Rig() {}
}
