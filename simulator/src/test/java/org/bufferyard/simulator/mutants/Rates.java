package org.bufferyard.simulator.mutants;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;

/**
 * Writes the table of {@code docs/mutants.md}: how many of the first seeds kill each mutant, and by
 * what. As a program: {@code Rates FILE SEEDS}.
 */
final class Rates {
  static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");

  private static final GeneratedTable TABLE = new GeneratedTable("Rates");

  static List<Mutant> all() {
    List<Mutant> all = new ArrayList<>(Mutants.ALL);
    all.addAll(HistoricMutants.ALL);
    all.addAll(OracleMutants.ALL);
    return all;
  }

  /** The trial of a seed of the swarm. */
  static Trial.Plan plan(long seed) {
    SoakPlan plan = SoakPlan.swarm(POLICIES);
    return switch (SoakCase.of(plan, seed)) {
      case Outcome.Done<SoakCase>(SoakCase drawn) -> drawn.plan();
      case Outcome.Refused<SoakCase>(var refusal) ->
          throw new IllegalStateException(refusal.toString());
    };
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int seeds = Integer.parseInt(arguments[1]);
    List<String> rows = new ArrayList<>();
    rows.add("| mutant | mistake | seeds of " + seeds + " that kill it | first by | at seed |");
    rows.add("|---|---|---|---|---|");
    List<String> only = List.of(arguments).subList(2, arguments.length);
    for (Mutant mutant : all()) {
      if (!only.isEmpty() && !only.contains(mutant.id())) {
        continue;
      }
      rows.add(row(mutant, seeds));
      System.out.println(rows.getLast());
    }
    TABLE.write(file, rows);
  }

  private static String row(Mutant mutant, int seeds) {
    int killed = 0;
    long first = -1;
    TreeMap<String, Integer> by = new TreeMap<>();
    for (long seed = 1; seed <= seeds; seed++) {
      Trial.Outcome outcome = Trial.run(plan(seed).withCourier(mutant.courier().get()));
      if (!outcome.clean()) {
        killed++;
        first = first < 0 ? seed : first;
        by.merge(outcome.rule(), 1, Integer::sum);
      }
    }
    List<String> rules = new ArrayList<>();
    by.forEach((rule, count) -> rules.add(rule + " " + count));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %s | %d |",
        mutant.id(),
        mutant.mistake(),
        killed,
        String.join(", ", rules),
        first);
  }

  private Rates() {}
}
