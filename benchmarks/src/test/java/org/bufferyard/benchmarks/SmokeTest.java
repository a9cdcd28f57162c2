package org.bufferyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.report.Machine;
import org.bufferyard.benchmarks.report.Results;
import org.bufferyard.benchmarks.report.ResultsPage;
import org.bufferyard.benchmarks.report.Row;
import org.bufferyard.benchmarks.suite.Lab;
import org.bufferyard.benchmarks.suite.Suite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, so that none can rot; no time is judged. */
class SmokeTest {
  private static final Race.Effort LEAST = new Race.Effort(1, 1, 1);

  @Test
  void jmh_everyBenchmarkOnce_runs() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("org.bufferyard.benchmarks.*")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(1))
                    .param("pages", "4")
                    .param("live", "10")
                    .param("pattern", "MIX")
                    .param("requests", "4096")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results.stream().map(result -> method(result.getPrimaryResult().getLabel())))
        .contains("scalar", "vector", "batch", "frames", "pair", "churn", "mapAndUnmap")
        .contains("replay", "caffeineSimulator");
  }

  private static String method(String label) {
    return label.substring(label.lastIndexOf('.') + 1);
  }

  /** Runs both sides; a suite fails by itself where their lists differ. */
  @Test
  void suites_leastEffort_fillEveryGoalTheyServe(@TempDir Path directory) throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Machine machine = Machine.here("any", "least");
    boolean withC;
    try (Arena arena = Arena.ofShared()) {
      var c = CBaseline.compile(directory.resolve("c"), arena);
      withC = c.isPresent();
      Lab lab = new Lab(LEAST, true, arena, c);
      for (Suite suite : Suite.all()) {
        List<Row> measured = lab.run(suite);
        Results.write(directory, suite.name(), machine, measured);
        rows.addAll(measured);
        names.add(suite.name());
      }
    }

    assertThat(rows).extracting(Row::goal).contains(Goal.CONSTRAINED, Goal.ATTACH, Goal.MAP_GUARD);
    if (withC) {
      assertThat(rows).extracting(Row::goal).contains(Goal.SCALAR, Goal.BUDDY, Goal.BOUNCE);
    }
    List<Row> read = Results.read(directory, names);
    assertThat(read).hasSameSizeAs(rows);
    assertThat(read.getFirst().label()).isEqualTo(rows.getFirst().label());
    assertThat(new ResultsPage(machine, read).lines()).anyMatch(line -> line.contains("met, "));
  }

  @Test
  void bench_quick_leavesPublishedFiguresAlone(@TempDir Path home) throws IOException {
    int status = Bench.run(List.of("--quick", "iova"), home, System.out, System.err);

    assertThat(status).isZero();
    assertThat(home.resolve("results")).doesNotExist();
    assertThat(home.resolve("target/quick/RESULTS.md")).exists();
    assertThat(home.resolve("target/quick/iova.json")).exists();
  }

  @Test
  void bench_unknownName_exitsTwoAndWritesNothing(@TempDir Path home) throws IOException {
    int status = Bench.run(List.of("nothing"), home, System.out, System.err);

    assertThat(status).isEqualTo(2);
    assertThat(home.resolve("results")).doesNotExist();
  }
}
