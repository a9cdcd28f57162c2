package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code run} writes down about its decisions when it is asked to. */
class RunWatchedTest {
  @TempDir Path folder;

  private static Captured run(String... words) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "run",
                "desktop",
                "--deterministic",
                "--duration",
                "900ms",
                "--contents",
                "tags",
                "--set",
                "regions.VRAM.size=35%"));
    line.addAll(List.of(words));
    return Captured.of(Engine::run, line.toArray(new String[0]));
  }

  @Test
  void run_watched_csvJsonAndTableAgree() throws IOException {
    Path csv = folder.resolve("e.csv");
    Path json = folder.resolve("r.json");
    Captured done =
        run(
            "--evictions",
            csv.toString(),
            "--json",
            json.toString(),
            "--shadow",
            "sieve,wddm,sieve",
            "--regret");
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();
    assertThat(done.out())
        .contains("evicted, and then")
        .contains("lru (ruling)")
        .contains("regret ");
    Config read = ConfigFactory.parseFile(json.toFile());
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.getFirst())
        .startsWith("atSeconds,demand,wanted,client,waitNanos,buffer,owner");
    assertThat(lines).hasSizeGreaterThan(5);
    assertThat(lines).hasSize(1 + read.getConfigList("causes.evictions").size());
    assertThat(read.getConfigList("shadows"))
        .extracting(each -> each.getString("policy"))
        .containsExactly("lru (ruling)", "sieve", "wddm");
    assertThat(read.getDouble("measures.regret.factor")).isGreaterThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --shadow best          | --shadow 'best' is unknown; known: lru, fifo
          --shadow lru,opt       | --shadow 'opt' is offline and no future is known
          --evictions /no/e.csv  | --evictions /no/e.csv: cannot be written: no such folder
          --evictions /          | --evictions /: is a directory
          """)
  void run_badInput_isOneLineAndNothingRuns(String words, String fault) {
    Captured done = run(words.strip().split(" "));
    assertThat(done.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(done.out()).isEmpty();
    assertThat(done.err().lines()).hasSize(1);
    assertThat(done.err()).contains(fault);
  }
}
