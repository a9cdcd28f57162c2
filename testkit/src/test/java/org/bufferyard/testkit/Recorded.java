package org.bufferyard.testkit;

import akka.actor.typed.Behavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a guardian reported, line by line with virtual time, until nothing was left to do.
 *
 * @param lines in the order in which they were reported
 */
record Recorded(List<String> lines, long eventHash, long nowNanos, Incident incident) {
  private static final long STEPS_MAX = 1_000_000;

  /** The counts of what went wrong. */
  record Incident(long deadLetters, long unhandled, long failures) {
    static final Incident NONE = new Incident(0, 0, 0);
  }

  static <T> Recorded run(Settings settings, Function<Consumer<String>, Behavior<T>> guardian) {
    List<String> lines = new ArrayList<>();
    try (var system =
        DeterministicSystem.create(guardian.apply(lines::add), "recorded", settings)) {
      system.run(() -> false, STEPS_MAX);
      var incident =
          new Incident(
              system.deadLetters().count(), system.unhandled().count(), system.failures().count());
      return new Recorded(List.copyOf(lines), system.eventHash(), system.nowNanos(), incident);
    }
  }

  /** Runs seeds 0 to {@code seeds - 1}, each twice, and returns the orders of lines they made. */
  static <T> Set<List<String>> orders(int seeds, Function<Consumer<String>, Behavior<T>> guardian) {
    Set<List<String>> orders = new LinkedHashSet<>();
    for (long seed = 0; seed < seeds; seed++) {
      Recorded first = run(Settings.seed(seed), guardian);
      Recorded second = run(Settings.seed(seed), guardian);
      if (!first.equals(second)) {
        throw new AssertionError("seed " + seed + " ran as " + first + " and as " + second);
      }
      orders.add(first.lines());
    }
    return orders;
  }

  static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
