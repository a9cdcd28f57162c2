package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.bufferyard.cli.output.DumpJson;
import org.bufferyard.simulator.dump.Dump;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run --dump-at} and {@code inspect}, from the command line. */
class InspectCommandTest {
  private static final Runner NONE =
      (plan, progress) -> {
        throw new AssertionError("nothing is to be run");
      };

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("d.json");
  }

  private static Dump.Buffer buffer(long id, String name, String life, List<Dump.Fence> fences) {
    return new Dump.Buffer(
        id,
        name,
        "game",
        8192,
        8192,
        life,
        "VRAM",
        3,
        1,
        false,
        List.of("game", "compositor"),
        List.of(
            new Dump.Attachment("gpu", "game", true, "mapped", "to_device", 2, 0),
            new Dump.Attachment("display", "compositor", false, "mapped", "to_device", 1, 2)),
        fences,
        0,
        "",
        2,
        1);
  }

  private static Dump dump(boolean consistent, List<Dump.Wait> waits, int buffers) {
    List<Dump.Buffer> all = new ArrayList<>();
    for (int id = 0; id < buffers; id++) {
      all.add(buffer(id, "surface", "resident", List.of(new Dump.Fence("write", "ticket-9"))));
    }
    return new Dump(
        Dump.FORMAT,
        Dump.VERSION,
        "desktop",
        "lru",
        7,
        consistent ? "deterministic" : "real",
        5_000_000_000L,
        consistent,
        10,
        consistent ? 10 : 8,
        List.of(new Dump.Region("VRAM", 1 << 20, 16384, 16384, buffers)),
        all,
        waits);
  }

  private Captured inspect(Dump dump, String... options) throws IOException {
    Files.writeString(file(), DumpJson.of(dump));
    List<String> args = new ArrayList<>(List.of("inspect", file().toString()));
    Collections.addAll(args, options);
    return Captured.of(NONE, args.toArray(String[]::new));
  }

  private static Dump.Wait wait(String waiter, String awaited) {
    return new Dump.Wait(waiter, awaited, "token", "buffer-0");
  }

  @Test
  void inspect_dump_showsWhoHoldsPinsAndWaits() throws IOException {
    Captured shown = inspect(dump(true, List.of(wait("ticket-1", "ticket-2")), 2));
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out())
        .contains("desktop at 5.00 s: policy lru, seed 7, deterministic")
        .contains("a consistent cut")
        .contains("0 surface of game")
        .contains("compositor 2")
        .contains("gpu x2, display x1 of compositor")
        .contains("write ticket-9")
        .contains("2+1")
        .contains("ticket-1 waits for ticket-2 (token, at buffer-0)")
        .contains("no circle among them");
  }

  @Test
  void inspect_realRun_saysThatItIsNoCutAndWhoIsMissing() throws IOException {
    assertThat(inspect(dump(false, List.of(), 1)).out())
        .contains("no consistent cut")
        .contains("2 of 10 owners did not answer");
  }

  @Test
  void inspect_circleOfWaits_namesIt() throws IOException {
    List<Dump.Wait> waits =
        List.of(wait("ticket-1", "ticket-2"), wait("ticket-2", "ticket-1"), wait("a", "b"));
    assertThat(inspect(dump(true, waits, 1)).out())
        .containsSubsequence("a circle:", "ticket-1 waits for ticket-2", "waits for ticket-1");
  }

  @Test
  void inspect_manyBuffers_showsTwentyUnlessAll() throws IOException {
    assertThat(inspect(dump(true, List.of(), 25)).out()).contains("5 more, quiet or smaller");
    assertThat(inspect(dump(true, List.of(), 25), "--all").out())
        .contains("24 surface of game")
        .doesNotContain("more,");
  }

  @Test
  void inspect_json_hasTheTotals() throws IOException {
    assertThat(inspect(dump(true, List.of(), 1), "--json").out())
        .contains("\"format\": \"bufferyard-dump\"")
        .contains("\"client\":\"compositor\"")
        .contains("\"proportionalBytes\":4096")
        .contains("\"cycle\": []");
  }

  @Test
  void inspect_noDump_isOneLineAndTwo() throws IOException {
    Files.writeString(file(), "{\"format\": \"other\"}");
    Captured shown = Captured.of(NONE, "inspect", file().toString());
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err())
        .isEqualTo("bufferyard: " + file() + ": format: is no bufferyard-dump\n");
  }

  @Test
  void inspect_nothingNamed_isTwo() {
    assertThat(Captured.of(NONE, "inspect").exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5s       |           | --dump-at
          5 parsec | d.json    | --dump-at '5 parsec'
          -1s      | d.json    | --dump-at
          5s       | no/d.json | no such folder
          """)
  void run_dumpAtBad_isRefusedBeforeTheRun(String time, String name, String expected) {
    List<String> args = new ArrayList<>(List.of("run", "--dump-at", time));
    if (name != null) {
      args.add(folder.resolve(name).toString());
    }
    Captured shown = Captured.of(NONE, args.toArray(String[]::new));
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err()).contains(expected).hasLineCount(1);
  }

  @Test
  void run_dumpAt_writesWhatTheRunHasLeft() {
    Runner dumping =
        (plan, progress) -> {
          Objects.requireNonNull(plan.dump()).to().accept(dump(true, List.of(), 1));
          return CannedRun.clean();
        };
    Captured shown = Captured.of(dumping, "run", "--dump-at", "5s", file().toString());
    assertThat(shown.exitCode()).isZero();
    assertThat(file()).content().contains("bufferyard-dump");
  }

  @Test
  void run_endedBeforeTheDump_writesNothingAndIsTwo() {
    Runner early = (plan, progress) -> CannedRun.clean();
    Captured shown = Captured.of(early, "run", "--dump-at", "5s", file().toString());
    assertThat(shown.exitCode()).isEqualTo(2);
    assertThat(shown.err()).contains("--dump-at 5.00 s: the run ended before");
    assertThat(file()).doesNotExist();
  }
}
