package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code snapshot} and {@code run --resume}, from the command line, with the real engine. */
class SnapshotCommandTest {
  private static final Pattern HASH = Pattern.compile("hash ([0-9a-f]{16})");
  private static final Runner NONE =
      (plan, progress) -> {
        throw new AssertionError("nothing is to be run");
      };

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("run.snapshot");
  }

  private Captured snapshot(String at, String... options) {
    List<String> args =
        new ArrayList<>(List.of("snapshot", "--duration", "100ms", "--contents", "tags"));
    args.addAll(List.of("--seed", "5", "--set", "regions.VRAM.size=30%", "--at", at));
    args.addAll(List.of("--out", file().toString()));
    Collections.addAll(args, options);
    return Captured.of(Engine::run, args.toArray(String[]::new));
  }

  private Captured resume(String... options) {
    List<String> args = new ArrayList<>(List.of("run", "--resume", file().toString()));
    Collections.addAll(args, options);
    return Captured.of(Engine::run, args.toArray(String[]::new));
  }

  private static String hash(Captured run) {
    Matcher matcher = HASH.matcher(run.out());
    assertThat(matcher.find()).as(run.toString()).isTrue();
    return matcher.group(1);
  }

  @Test
  void resume_anyMoment_endsInTheHashOfTheWholeRun() {
    Captured whole =
        Captured.of(
            Engine::run,
            "run --duration 100ms --contents tags --seed 5 --set regions.VRAM.size=30%"
                .concat(" --deterministic")
                .split(" "));
    for (String at : List.of("0", "1234", "60ms")) {
      Captured kept = snapshot(at);
      assertThat(kept.exitCode()).as(kept.err()).isZero();
      assertThat(kept.out()).contains("desktop, seed 5: event ").contains("run --resume");
      Captured resumed = resume("--json", folder.resolve("out.json").toString());
      assertThat(resumed.exitCode()).as(resumed.err()).isZero();
      assertThat(hash(resumed)).isEqualTo(hash(whole));
      assertThat(resumed.out()).contains("resumed  " + file() + ": the same at event ");
    }
  }

  @Test
  void resume_withFaults_happensAlike() {
    assertThat(snapshot("50ms", "--fault", "link-fails:count=2").exitCode()).isZero();
    Captured resumed = resume();
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("--fault link-fails:count=2").contains("the same at event");
  }

  @Test
  void snapshot_runEndsBefore_writesNothingAndIsTwo() {
    Captured shown = snapshot("90000000");
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err())
        .isEqualTo("bufferyard: --at 90000000: the run ended before; nothing was written\n");
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          later | --at 'later'
          -1    | --at
          5     | no such folder
          """)
  void snapshot_badUsage_isTwoBeforeTheRun(String at, String expected) {
    String out = at.equals("5") ? folder.resolve("no/x").toString() : file().toString();
    Captured shown = Captured.of(NONE, "snapshot", "--at=" + at, "--out", out);
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err()).contains(expected).hasLineCount(1);
  }

  private void refused(String expected, String... options) {
    Captured shown = resume(options);
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err()).hasLineCount(1).contains(expected);
    assertThat(shown.out()).isEmpty();
  }

  @Test
  void resume_badFiles_areTwoAndOneLine() throws IOException {
    refused("no such file");
    Files.writeString(file(), "hello");
    refused("is no snapshot");
    assertThat(snapshot("1000").exitCode()).isZero();
    refused("--resume " + file() + " and --seed exclude each other", "--seed", "1");
    refused("and a scenario exclude each other", "desktop");
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length / 2));
    refused("is cut short");
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(), bytes);
    refused("is damaged");
  }

  @Test
  void resume_scenarioFileChanged_namesWhatChanged() throws IOException {
    Path scenario = folder.resolve("mine.conf");
    String text =
        Files.readString(Path.of("../simulator/src/main/resources/scenarios/desktop.conf"));
    Files.writeString(scenario, text);
    Captured kept =
        Captured.of(
            Engine::run,
            "snapshot",
            scenario.toString(),
            "--duration=20ms",
            "--contents=tags",
            "--at=500",
            "--out=" + file());
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    Files.writeString(scenario, text + "\npolicy = fifo\n");
    refused("the scenario has changed since: policy");
    Files.delete(scenario);
    refused("mine.conf");
  }

  /** The same table at its peak, so that the scenario made for it stays as it was. */
  @Test
  void resume_traceChanged_isRefusedBeforeAnythingRuns() throws IOException {
    Path trace = folder.resolve("mine.csv");
    String table = "id,lower,upper,size\n1,0,9,4096\n2,2,5,8192\n3,3,7,4096\n";
    Files.writeString(trace, table);
    Captured kept =
        Captured.of(
            Engine::run, "snapshot", "--trace", trace.toString(), "--at=60", "--out=" + file());
    assertThat(kept.exitCode()).as(kept.err()).isZero();
    Captured whole =
        Captured.of(Engine::run, "run", "--trace", trace.toString(), "--deterministic");
    assertThat(hash(resume())).isEqualTo(hash(whole));
    Files.writeString(trace, table.replace("3,3,7", "3,3,8"));
    refused("the trace " + trace + " has changed since");
    assertThat(Captured.of(NONE, "run", "--resume", file().toString()).exitCode()).isEqualTo(2);
    Files.writeString(trace, table + "4,8,9,4096\n");
    refused("the trace " + trace + " has changed since");
    Files.delete(trace);
    refused("--trace " + trace + ": cannot be read");
    Files.writeString(trace, table);
    assertThat(hash(resume())).isEqualTo(hash(whole));
  }

  @Test
  void resume_withManagement_happensAlike() {
    assertThat(snapshot("1000", "--manage", "bring-back=budget").exitCode()).isZero();
    assertThat(resume().exitCode()).isZero();
    assertThat(resume().out()).contains("bring-back=budget");
  }
}
