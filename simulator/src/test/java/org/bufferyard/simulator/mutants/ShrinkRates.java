package org.bufferyard.simulator.mutants;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
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
 * kill it. As a program: {@code ShrinkRates FILE SEEDS SECONDS [MUTANT...]}, which writes the table
 * of {@code docs/mutants.md}. Seconds are those of the thread that shrinks, on its processor: how
 * busy the machine is otherwise does not matter.
 */
final class ShrinkRates {
  private static final GeneratedTable TABLE = new GeneratedTable("ShrinkRates");
  private static final int EVENTS_WANTED = 300;
  private static final int SEEDS_MAX = 400;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<String> rows = new ArrayList<>();
  private int failures;
  private int shortEnough;

  private void measure(Mutant mutant, int wanted, long limitNanos) {
    int found = 0;
    for (long seed = 1; seed <= SEEDS_MAX && found < wanted; seed++) {
      if (SoakCase.of(SoakPlan.swarm(Rates.POLICIES), seed)
          instanceof Outcome.Done<SoakCase>(SoakCase drawn)) {
        Tape tape = drawn.record(mutant.courier().get());
        if (!tape.expected().rule().isEmpty()) {
          found++;
          add(shrink(mutant, seed, tape, limitNanos));
        }
      }
    }
  }

  private void add(String row) {
    rows.add(row);
    System.out.println(row);
  }

  private String shrink(Mutant mutant, long seed, Tape tape, long limitNanos) {
    long start = THREADS.getCurrentThreadCpuTime();
    Shrinker shrinker =
        new Shrinker(
            tape,
            Rates.POLICIES,
            mutant.courier(),
            () -> THREADS.getCurrentThreadCpuTime() - start > limitNanos);
    Tape small = shrinker.shrink();
    if (tape.expected().events() > 0) {
      failures++;
      shortEnough += small.expected().events() <= EVENTS_WANTED ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s | %s | %d | %.1f | %,d |",
        mutant.id(),
        seed,
        tape.expected().rule(),
        events(tape),
        events(small),
        small.stepCount(),
        (THREADS.getCurrentThreadCpuTime() - start) / 1e9,
        shrinker.tries());
  }

  /** A run that goes round for ever has no number of events; its steps can be fewer. */
  private static String events(Tape tape) {
    long events = tape.expected().events();
    return events == 0 ? "endless" : String.format(Locale.ROOT, "%,d", events);
  }

  public static void main(String[] arguments) throws IOException {
    int seeds = Integer.parseInt(arguments[1]);
    long limitNanos = Long.parseLong(arguments[2]) * 1_000_000_000L;
    List<String> only = List.of(arguments).subList(3, arguments.length);
    ShrinkRates rates = new ShrinkRates();
    rates.add("| mutant | seed | rule | events | shrunk to | steps left | CPU s | runs |");
    rates.add("|---|---|---|---|---|---|---|---|");
    for (Mutant mutant : Rates.all()) {
      if (only.isEmpty() || only.contains(mutant.id())) {
        rates.measure(mutant, seeds, limitNanos);
      }
    }
    rates.add("");
    rates.add(
        String.format(
            Locale.ROOT,
            "%d of %d failures that end shrink to at most %d events.",
            rates.shortEnough,
            rates.failures,
            EVENTS_WANTED));
    TABLE.write(Path.of(arguments[0]), rates.rows);
  }

  private ShrinkRates() {}
}
