package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttackCommandTest {
  @TempDir Path folder;

  private static Captured attack(String... words) {
    List<String> line = new ArrayList<>(List.of("attack"));
    line.addAll(List.of(words));
    return Captured.of(
        (plan, progress) -> {
          throw new AssertionError("attack has its own runs");
        },
        line.toArray(new String[0]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --minutes 1                             | Missing required option: '--policy=P'
          --policy best                           | --policy 'best' is unknown; known: lru
          --policy opt                            | --policy 'opt' is offline
          --policy lru --against lru              | is the policy under attack itself
          --policy lru --against best             | --against 'best' is unknown
          --policy lru --metric fairness          | --metric 'fairness' is not one to attack by
          --policy lru --metric slowdown          | --metric 'slowdown' is not one to attack by
          --policy lru --minutes 0                | --minutes '0': not a whole number from 1 to 1440
          --policy lru --generations none         | --generations 'none': not a whole number
          --policy lru --minutes 1 --generations 1 | exclude each other
          --policy lru --duration 50ms            | --duration is less than 100 ms
          --policy lru --out /                    | --out /: is a directory
          """)
  void attack_badInput_isOneLineAndNothingRuns(String words, String fault) {
    Captured done = attack(words.strip().split(" "));
    assertThat(done.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(done.out()).isEmpty();
    assertThat(done.err().lines()).hasSize(1);
    assertThat(done.err()).contains(fault);
  }

  @Test
  void attack_oneGeneration_writesAScenarioThatShowsIt() throws IOException {
    Path file = folder.resolve("found.conf");
    Captured done =
        attack(
            "--policy",
            "lru",
            "--against",
            "mru",
            "--duration",
            "100ms",
            "--generations",
            "1",
            "--out",
            file.toString(),
            "--report",
            folder.toString());
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();
    assertThat(done.out())
        .contains("attack on lru, by moved, against mru")
        .contains("times worse")
        .contains("2 policies on the same 10 seeds")
        .contains("clean: 0 violations in all runs");
    assertThat(Files.readString(file)).contains("kind = patterns").contains("does");
    assertThat(Files.readString(folder.resolve("compare.html"))).contains("\"touches\":[{");
  }
}
