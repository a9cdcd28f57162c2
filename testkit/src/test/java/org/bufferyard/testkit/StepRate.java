package org.bufferyard.testkit;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that prints the steps per second of CPU time, by strategy, with 1,000 actors, and the
 * time to create and close a system. Run it with the class path of the tests and the options of the
 * build.
 */
final class StepRate {
  private static final int ACTORS = 1_000;
  private static final long WARMUP_STEPS = 1_000_000;
  private static final long STEPS = 2_000_000;
  private static final int SYSTEMS = 200;

  private record Hop(long token) {}

  private StepRate() {}

  public static void main(String[] arguments) {
    Map<String, Strategy> strategies = new LinkedHashMap<>();
    strategies.put("uniform", Strategy.uniform());
    strategies.put("fifo", Strategy.fifo());
    strategies.put("pct(3)", Strategy.pct(3));
    strategies.put("starveOne(1000)", Strategy.starveOne(1000));
    strategies.put("bursts(16)", Strategy.bursts(16));
    for (int pass = 1; pass <= 2; pass++) {
      strategies.forEach(StepRate::measure);
      measureCreation();
    }
  }

  private static void measure(String name, Strategy strategy) {
    Settings settings = Settings.seed(1).withStrategy(strategy);
    try (var system = DeterministicSystem.create(guardian(), "rate", settings)) {
      system.run(() -> false, WARMUP_STEPS);
      long startNanos = cpuNanos();
      system.run(() -> false, STEPS);
      double seconds = (cpuNanos() - startNanos) / 1e9;
      System.out.printf(
          "%-16s %5.2f M steps/s, hash %016x%n", name, STEPS / seconds / 1e6, system.eventHash());
    }
  }

  private static void measureCreation() {
    long startNanos = cpuNanos();
    for (int i = 0; i < SYSTEMS; i++) {
      try (var system = DeterministicSystem.create(Behaviors.empty(), "s", Settings.seed(i))) {
        system.runUntilIdle(1_000);
      }
    }
    System.out.printf("create and close %5.2f ms%n", (cpuNanos() - startNanos) / 1e6 / SYSTEMS);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Behavior<Hop> guardian() {
    return Behaviors.setup(
        context -> {
          List<ActorRef<Hop>> peers = new ArrayList<>();
          for (int i = 0; i < ACTORS; i++) {
            peers.add(context.spawn(passingOn(i, peers), "peer-" + i));
          }
          peers.forEach(peer -> peer.tell(new Hop(peer.path().name().hashCode())));
          return Behaviors.empty();
        });
  }

  private static Behavior<Hop> passingOn(int index, List<ActorRef<Hop>> peers) {
    return Behaviors.receiveMessage(
        hop -> {
          long token = SplitMix64.mix(hop.token() + index);
          peers.get((int) Long.remainderUnsigned(token, peers.size())).tell(new Hop(token));
          return Behaviors.same();
        });
  }
}
