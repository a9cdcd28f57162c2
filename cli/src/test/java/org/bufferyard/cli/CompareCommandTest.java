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

class CompareCommandTest {
  @TempDir Path folder;

  private static Captured compare(String... words) {
    List<String> line = new ArrayList<>(List.of("compare"));
    line.addAll(List.of(words));
    return Captured.of(
        (plan, progress) -> {
          throw new AssertionError("compare has its own runs");
        },
        line.toArray(new String[0]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --policies lru                    | --policies 'lru': a comparison needs two
          --policies lru,lru                | --policies 'lru,lru': a comparison needs two
          --policies lru,best               | --policies 'best' is unknown; known: lru, fifo
          --policies lru,opt                | --policies 'opt' is offline and no future is known
          --metric speed                    | --metric 'speed' is unknown; known: stall-p50, stall-p99
          --seeds 0                         | --seeds '0': not a whole number from 1 to 10000
          --seeds many                      | --seeds 'many': not a whole number from 1 to 10000
          --threads 0                       | --threads '0': not a whole number from 1 to 1024
          --against fifo                    | --against 'fifo' is not among the policies compared: lru
          --vram 0%                         | regions.VRAM.size
          soc2011 --vram 40%                | no region 'VRAM' to size; --region takes one of: CMA
          soc2011 --metric slowdown         | needs a run with ample memory
          --vram 1MiB --seeds 1             | regions.VRAM.size: on seed 1 2,375,680 bytes must be there
          --against opt                     | --against 'opt' is not among the policies compared: lru
          --report /proc/nothing            | --report /proc/nothing: cannot be written
          nowhere                           | scenario 'nowhere' is unknown; bundled: desktop
          --trace gone.rmv                  | gone.rmv
          --json /                          | --json /: is a directory
          """)
  void compare_badInput_isOneLineAndNothingRuns(String words, String fault) {
    Captured done = compare(words.strip().split(" "));
    assertThat(done.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(done.out()).isEmpty();
    assertThat(done.err().lines()).hasSize(1);
    assertThat(done.err()).contains(fault);
  }

  @Test
  void compare_sixSeeds_tableJsonAndPageAgree() throws IOException {
    Path json = folder.resolve("c.json");
    Captured done =
        compare(
            "--policies",
            "lru,ttm",
            "--seeds",
            "6",
            "--duration",
            "400ms",
            "--vram",
            "40%",
            "--metric",
            "moved",
            "--json",
            json.toString(),
            "--report",
            folder.resolve("r").toString());
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();
    assertThat(done.out())
        .contains("2 policies on the same 6 seeds, 12 runs")
        .contains("VRAM 40%")
        .contains("ranked by moved")
        .contains("clean: 0 violations in all runs");
    Config read = ConfigFactory.parseFile(json.toFile());
    assertThat(read.getStringList("policies")).containsExactly("lru", "ttm");
    assertThat(read.getConfigList("results")).hasSize(2);
    assertThat(read.getConfigList("results").getFirst().getDoubleList("moved.values")).hasSize(6);
    assertThat(read.getConfigList("pairs").getFirst().getList("verdicts")).hasSize(2);
    assertThat(Files.readString(folder.resolve("r/compare.html")))
        .contains("\"policies\":[\"lru\",\"ttm\"]")
        .doesNotContain("{{");
  }

  @Test
  void compare_csv_isALineForEachRun() {
    Captured done =
        compare("--policies", "lru,fifo", "--seeds", "1", "--duration", "300ms", "--csv");
    assertThat(done.exitCode()).isZero();
    List<String> lines = done.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("vram,policy,seed,stall-p50,stall-p99,");
    assertThat(lines.get(1)).startsWith("as given,lru,1,");
    assertThat(lines.get(2)).startsWith("as given,fifo,1,");
  }

  @Test
  void compare_regretAndAlone_areColumnsThatNobodyBeats() {
    Captured done =
        compare(
            "--policies",
            "lru,sieve",
            "--seeds",
            "2",
            "--duration",
            "600ms",
            "--vram",
            "40%",
            "--alone",
            "--metric",
            "regret",
            "--csv");
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();
    List<List<String>> rows = done.out().lines().map(line -> List.of(line.split(",", -1))).toList();
    int regret = rows.getFirst().indexOf("regret");
    int alone = rows.getFirst().indexOf("slowdown-alone");
    assertThat(rows.getFirst()).contains("moved VRAM->GTT", "useless", "recovery");
    assertThat(rows.subList(1, rows.size()))
        .hasSize(4)
        .allSatisfy(
            row -> assertThat(Double.parseDouble(row.get(regret))).isGreaterThanOrEqualTo(1))
        .allSatisfy(row -> assertThat(Double.parseDouble(row.get(alone))).isPositive());
  }

  @Test
  void compare_oneSeed_saysThatNoVerdictIsPossible() {
    Captured done = compare("--policies", "lru,fifo", "--seeds", "1", "--duration", "300ms");
    assertThat(done.out()).contains("one seed: no interval and no verdict is possible");
  }
}
