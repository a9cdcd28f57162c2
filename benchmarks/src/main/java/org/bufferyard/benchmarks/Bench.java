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
 * Runs the paired benchmarks: {@code ./bufferyard bench [--quick] [NAME...]}, whose launcher starts
 * this class. Writes {@code benchmarks/results/<name>.json} for each suite and generates {@code
 * RESULTS.md} beside them from all the files there; a quick run writes both to {@code
 * benchmarks/target/quick}, so that no published figure comes from one. Wants {@code --add-modules
 * jdk.incubator.vector --enable-native-access=ALL-UNNAMED}; without the first the vector rows
 * measure the scalar builder, without gcc there are no ratios over C.
 */
public final class Bench {
  private static final Race.Effort QUICK = new Race.Effort(15, 500_000, 120_000_000);
  private static final Race.Effort FULL = new Race.Effort(21, 1_000_000, 150_000_000);

  /** Set by the launcher: this module's folder in the checkout. */
  private static final String HOME = "bufferyard.benchmarks";

  /** What the user typed to start the launcher. */
  private static final String COMMAND = "bufferyard.command";

  /** Exits 0 when the suites ran, 2 for an unknown name or where a file cannot be written. */
  public static void main(String[] arguments) {
    Path home = Path.of(System.getProperty(HOME, "benchmarks"));
    try {
      System.exit(run(List.of(arguments), home, System.out, System.err));
    } catch (IOException e) {
      System.err.println("bufferyard: bench: " + e);
      System.exit(2);
    }
  }

  static int run(List<String> arguments, Path home, PrintStream out, PrintStream err)
      throws IOException {
    boolean quick = arguments.contains("--quick");
    List<String> known = Suite.all().stream().map(Suite::name).toList();
    List<String> names = new ArrayList<>(arguments);
    names.removeIf("--quick"::equals);
    for (String name : names) {
      if (!known.contains(name)) {
        err.println(refusal(name, known));
        return 2;
      }
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
    Path results = quick ? home.resolve("target").resolve("quick") : home.resolve("results");
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

  private static String refusal(String name, List<String> known) {
    String what = name.startsWith("-") ? "unknown option '" : "no benchmark '";
    String command = System.getProperty(COMMAND, "./bufferyard");
    return "bufferyard: bench: "
        + what
        + name.replaceAll("\\p{Cntrl}", "?")
        + "'; known: "
        + String.join(", ", known)
        + "; see "
        + command
        + " bench --help";
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
