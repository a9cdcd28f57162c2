package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line over the real engine. */
class EndToEndTest {
  @TempDir Path folder;

  @Test
  void run_deterministicTwice_givesOneHashAndCleanFiles() throws Exception {
    Config first = figures("first.json");
    Config second = figures("second.json");
    assertThat(first.getString("eventHash"))
        .matches("[0-9a-f]{16}")
        .isEqualTo(second.getString("eventHash"));
    assertThat(first.getString("mode")).isEqualTo("deterministic");
    assertThat(first.getLong("requests.map")).isPositive();
    assertThat(first.getLong("verifiedPages")).isPositive();
    assertThat(Files.readString(folder.resolve("report/report.html"))).contains("</html>");
  }

  @Test
  void run_realDispatchers_hasNoHash() throws Exception {
    Path json = folder.resolve("real.json");
    Captured run =
        Captured.of(
            Engine::run,
            "run",
            "--contents",
            "tags",
            "--duration",
            "100ms",
            "--json",
            json.toString());
    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    assertThat(Files.readString(json)).contains("\"mode\": \"real\"", "\"eventHash\": null");
    assertThat(run.out()).contains("run desktop --duration 100ms");
  }

  private Config figures(String name) {
    Path json = folder.resolve(name);
    Captured run =
        Captured.of(
            Engine::run,
            "run",
            "--deterministic",
            "--contents",
            "tags",
            "--duration",
            "200ms",
            "--report",
            folder.resolve("report").toString(),
            "--json",
            json.toString());
    assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    return ConfigFactory.parseFile(json.toFile());
  }

  @Test
  void run_sanitizeAll_everyRuleHolds() {
    Captured said =
        Captured.of(
            Engine::run,
            "run",
            "importers",
            "--sanitize",
            "all",
            "--duration",
            "100 ms",
            "--contents",
            "tags",
            "--set",
            "workload.devices=4",
            "--set",
            "workload.buffers=12");
    assertThat(said.exitCode()).as(said.err() + said.out()).isEqualTo(ExitCode.CLEAN);
    assertThat(said.out())
        .containsPattern("sanitizer all: [0-9,]+ messages of 12 buffers, 0 lost, every rule held");
  }
}
