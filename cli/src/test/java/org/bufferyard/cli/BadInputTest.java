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

/** What a user may get wrong: each ends with exit code 2 and one line, before anything runs. */
class BadInputTest {
  private static final Runner NEVER =
      (plan, _) -> {
        throw new AssertionError("was run: " + plan);
      };

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                       | subcommand
          frobnicate                               | 'frobnicate'
          --frobnicate                             | '--frobnicate'
          scenarios extra                          | 'extra'
          run a b                                  | 'b'
          run --nope                               | '--nope'
          run --seed                               | '--seed'
          run --seed x                             | '--seed': 'x' is not a whole number
          run --seed -1                            | '--seed': '-1'
          run --seed 9223372036854775808           | '--seed': '9223372036854775808'
          run --seed 1 --seed 2                    | '--seed'
          run --speed 0                            | '--speed': '0'
          run --speed -2                           | '--speed': '-2'
          run --speed NaN                          | '--speed': 'NaN'
          run --duration 5                         | '--duration': '5' is not a time
          run --duration -5s                       | '--duration': '-5s'
          run --duration 0s                        | '--duration': '0s'
          run --duration 5parsecs                  | '--duration': '5parsecs'
          run --duration 99999999999999999999s     | '--duration': '99999999999999999999s'
          run --contents words                     | 'words' is not bytes or tags
          run --policy belady                      | --policy 'belady' is unknown; known: lru, fifo
          run --policy opt                         | --policy 'opt' is offline and no future is known
          run --set policy=opt-bypass              | 'opt-bypass' is offline and no future is known
          run nowhere                              | scenario 'nowhere' is unknown; bundled: desktop
          run missing.conf                         | missing.conf: no such regular file
          run --vram 64MiB                         | --vram is the size of VRAM for --trace FILE
          run --trace t --vram 0MiB                | '--vram': '0MiB'
          run --trace t --vram 5KiB                | '--vram': '5KiB'
          run --trace t --vram 64MB                | '--vram': '64MB'
          run --trace missing.rmv                  | missing.rmv: no such file
          run desktop --trace t                    | exclude each other
          run --set nonsense                       | --set 'nonsense': is not of the form key=value
          run --set no.such.key=1                  | no: unknown key
          run --set regions.VRAM.size=0B           | regions.VRAM.size: '0B'
          run --set regions.VRAM.size=-1MiB        | regions.VRAM.size: '-1MiB'
          run --set regions.VRAM.size=99999999GiB  | regions.VRAM.size: '99999999GiB'
          run --set regions.VRAM.size=64           | regions.VRAM.size: '64'
          run --set devices.gpu.reaches=           | devices.gpu.reaches
          run --set policy=belady                  | policy: 'belady'
          """)
  void execute_badUsage_isOneLineNamingIt(String line, String named) {
    assertRefused(line.isEmpty() ? new String[0] : line.split(" "), named);
  }

  @Test
  void run_brokenScenarioFile_namesFileLineKeyAndValue() throws IOException {
    Path file = folder.resolve("mine.conf");
    Files.writeString(file, "workload { kind = desktop }\nregions {\n  VRAM { size = 0 B }\n}\n");
    assertRefused(List.of("run", file.toString()), "mine.conf:3: regions.VRAM.size: '0 B'");
  }

  @Test
  void run_traceThatIsNone_namesFileAndWhatItBeginsWith() throws IOException {
    Path file = folder.resolve("notes.rmv");
    Files.writeString(file, "dear diary");
    assertRefused(List.of("run", "--trace", file.toString()), "notes.rmv: byte 0: begins with");
    Path empty = Files.createFile(folder.resolve("empty.rmv"));
    assertRefused(List.of("run", "--trace", empty.toString()), "empty.rmv: byte 0");
  }

  @Test
  void run_controlCharactersInArguments_areEscapedInTheFault() {
    Captured run = Captured.of(NEVER, "run", "no\nwhere\u001b[31m\u202e");
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).doesNotContain("\u001b", "\u202e");
  }

  @Test
  void run_jsonNotWritable_isToldBeforeTheRun() throws IOException {
    assertRefused(List.of("run", "--json", folder.toString()), "--json " + folder + ": is a dir");
    String nowhere = folder.resolve("missing/x.json").toString();
    assertRefused(List.of("run", "--json", nowhere), "cannot be written: no such folder");
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(List.of("run", "--json", file + "/x.json"), "cannot be written");
  }

  @Test
  void run_jsonIsNoRegularFile_isRefused() {
    assertRefused(List.of("run", "--json", "/dev/null"), "--json /dev/null: is not a regular file");
  }

  @Test
  void run_reportFolderIsAFile_isToldBeforeTheRun() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(List.of("run", "--report", file.toString()), file + ": is not a directory");
    assertRefused(List.of("run", "--report", file + "/below"), "--report " + file + "/below");
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken.resolve("report.html"));
    assertRefused(List.of("run", "--report", taken.toString()), "is a directory");
  }

  private void assertRefused(List<String> args, String named) {
    assertRefused(new ArrayList<>(args).toArray(new String[0]), named);
  }

  private static void assertRefused(String[] args, String named) {
    Captured refused = Captured.of(NEVER, args);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).hasSize(1);
    assertThat(refused.err()).startsWith("bufferyard: ").contains(named);
    assertThat(refused.out()).isEmpty();
  }
}
