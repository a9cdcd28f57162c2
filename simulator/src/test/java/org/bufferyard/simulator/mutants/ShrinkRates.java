package org.bufferyard.simulator.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.soak.Shrinker;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.Tape;

/**
 * Measures how short planted failures get, and in how long: each mutant over the first seeds that
 * kill it. As a program: {@code ShrinkRates SEEDS SECONDS [MUTANT...]}; {@code docs/soak.md} has
 * what came of it.
 */
final class ShrinkRates {
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");
  private static final int EVENTS_WANTED = 300;
  private static final int SEEDS_MAX = 40;

  private int failures;
  private int shortEnough;

  private void measure(Mutant mutant, int wanted, long limitNanos) {
    int found = 0;
    List<String> cells = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS_MAX && found < wanted; seed++) {
      if (SoakCase.of(SoakPlan.swarm(POLICIES), seed)
          instanceof Outcome.Done<SoakCase>(SoakCase drawn)) {
        Tape tape = drawn.record(mutant.courier().get());
        if (!tape.expected().rule().isEmpty() && tape.expected().events() > 0) {
          found++;
          cells.add(shrink(mutant, tape, limitNanos));
        }
      }
    }
    System.out.println("| " + mutant.id() + " | " + String.join("; ", cells) + " |");
  }

  private String shrink(Mutant mutant, Tape tape, long limitNanos) {
    long start = System.nanoTime();
    Shrinker shrinker =
        new Shrinker(
            tape, POLICIES, mutant.courier(), () -> System.nanoTime() - start > limitNanos);
    Tape small = shrinker.shrink();
    failures++;
    shortEnough += small.expected().events() <= EVENTS_WANTED ? 1 : 0;
    return String.format(
        Locale.ROOT,
        "%s %,d to %,d in %.0f s",
        tape.expected().rule(),
        tape.expected().events(),
        small.expected().events(),
        (System.nanoTime() - start) / 1e9);
  }

  public static void main(String[] arguments) {
    int seeds = Integer.parseInt(arguments[0]);
    long limitNanos = Long.parseLong(arguments[1]) * 1_000_000_000L;
    List<String> only = List.of(arguments).subList(2, arguments.length);
    ShrinkRates rates = new ShrinkRates();
    for (Mutant mutant : Rates.all()) {
      if (only.isEmpty() || only.contains(mutant.id())) {
        rates.measure(mutant, seeds, limitNanos);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d of %d failures shrink to at most %d events%n",
        rates.shortEnough,
        rates.failures,
        EVENTS_WANTED);
  }

  private ShrinkRates() {}
}
