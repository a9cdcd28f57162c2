package org.bufferyard.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.report.Machine;
import org.bufferyard.benchmarks.report.Results;
import org.bufferyard.benchmarks.report.ResultsPage;
import org.bufferyard.benchmarks.report.Row;
import org.bufferyard.benchmarks.suite.Lab;
import org.bufferyard.benchmarks.suite.Suite;

/**
 * Runs the paired benchmarks: {@code Bench [--quick] [NAME...]}. Writes {@code
 * benchmarks/results/<name>.json} for each suite and generates {@code RESULTS.md} beside them from
 * all the files there. Wants {@code --add-modules jdk.incubator.vector
 * --enable-native-access=ALL-UNNAMED}; without the first the vector rows measure the scalar
 * builder, without gcc there are no ratios over C.
 */
public final class Bench {
  private static final Race.Effort QUICK = new Race.Effort(15, 500_000, 120_000_000);
  private static final Race.Effort FULL = new Race.Effort(21, 1_000_000, 150_000_000);
  private static final Path HOME = Path.of("benchmarks");

  /** Exits 0 when the suites ran, 2 for an unknown name. */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(List.of(arguments), HOME, System.out, System.err));
  }

  static int run(List<String> arguments, Path home, PrintStream out, PrintStream err)
      throws IOException {
    boolean quick = arguments.contains("--quick");
    List<String> names = new ArrayList<>(arguments);
    names.removeIf("--quick"::equals);
    List<String> known = Suite.all().stream().map(Suite::name).toList();
    if (!known.containsAll(names)) {
      err.println("bench [--quick] [NAME...]; names: " + String.join(" ", known));
      return 2;
    }
    Race.Effort effort = quick ? QUICK : FULL;
    Machine machine =
        Machine.here(
            CBaseline.compilerVersion(),
            (quick ? "quick, " : "")
                + effort.rounds()
                + " rounds of turns of about "
                + effort.turnNanos() / 1000
                + " us");
    Path results = home.resolve("results");
    try (Arena arena = Arena.ofShared()) {
      Optional<CBaseline> c = CBaseline.compile(home.resolve("target").resolve("c"), arena);
      for (Suite suite : Suite.all()) {
        if (names.isEmpty() || names.contains(suite.name())) {
          Results.write(results, suite.name(), machine, measured(suite, effort, quick, c, out));
        }
      }
    }
    List<String> page = new ResultsPage(machine, Results.read(results, known)).lines();
    Files.write(results.resolve("RESULTS.md"), page);
    out.println(results.resolve("RESULTS.md"));
    return 0;
  }

  private static List<Row> measured(
      Suite suite, Race.Effort effort, boolean quick, Optional<CBaseline> c, PrintStream out) {
    try (Arena memory = Arena.ofShared()) {
      List<Row> rows = new Lab(effort, quick, memory, c).run(suite);
      for (Row row : rows) {
        if (row.goal() != Goal.NONE) {
          out.printf(
              "%-10s %-44s %-20s %8.3f  bound %.2f  %6.1f B/op%n",
              row.suite(),
              row.label(),
              row.contender(),
              row.figure(),
              row.goal().worstMax(),
              row.bytes());
        }
      }
      return rows;
    }
  }

  private Bench() {}
}
