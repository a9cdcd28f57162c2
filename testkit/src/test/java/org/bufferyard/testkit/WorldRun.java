package org.bufferyard.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of {@link World}, as a value. As a program, it prints the run's hash for the seed in its
 * argument, after running as many other systems as the second argument says.
 */
record WorldRun(long eventHash, long steps, List<String> log, Samples<Failure> failures) {
  private static final int PEERS = 20;

  static WorldRun of(Settings settings) {
    List<String> log = new ArrayList<>();
    try (var system = DeterministicSystem.create(World.guardian(PEERS, log::add), "w", settings)) {
      system.runFor(Duration.ofSeconds(10));
      system.system().terminate();
      system.run(() -> false, 1_000_000);
      return new WorldRun(system.eventHash(), system.steps(), log, system.failures());
    }
  }

  public static void main(String[] arguments) {
    for (int other = 0; other < Integer.parseInt(arguments[1]); other++) {
      of(Settings.seed(1000 + other));
    }
    WorldRun run = of(Settings.seed(Long.parseLong(arguments[0])));
    System.out.println(Long.toHexString(run.eventHash()) + " " + run.log().hashCode());
  }
}
