package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** soak, replay and explore as a person types them. */
class SoakCommandTest {
  @TempDir private Path folder;

  private static CommandLineDoor say(String... words) {
    return CommandLineDoor.type(words);
  }

  @Test
  void soak_fewSeeds_cleanWithFigures() {
    CommandLineDoor said = say("soak", "--seeds", "1..6", "--jobs", "2");
    assertThat(said.code()).isEqualTo(ExitCode.CLEAN);
    assertThat(said.out())
        .contains("seeds     6,")
        .contains("a second of CPU time")
        .contains("cells of the protocol's table")
        .contains("unseen");
    assertThat(said.err()).isEmpty();
  }

  @Test
  void soak_scenarioByName_clean() {
    CommandLineDoor said =
        say(
            "soak",
            "--scenario",
            "importers",
            "--set",
            "duration=20 ms",
            "--set",
            "contents=tags",
            "--set",
            "workload.devices=4",
            "--set",
            "workload.buffers=12",
            "--fault",
            "link-slow:probability=50%,time=1ms",
            "--seeds",
            "3");
    assertThat(said.code()).as(said.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(said.out()).contains("seeds     1,");
  }

  /** A page that changes by itself is no survivable fault: the checks find it, and it is kept. */
  @Test
  void soak_memoryFlips_foundShrunkKeptAndReplayed() throws IOException {
    CommandLineDoor said =
        say(
            "soak",
            "--seeds",
            "1..40",
            "--fault",
            "memory-flips:count=1",
            "--failures",
            folder.toString());
    assertThat(said.code()).as(said.out()).isEqualTo(ExitCode.VIOLATED);
    assertThat(said.out()).contains("failed: ").contains("made short: ").contains("replay ");
    Path tape;
    try (var files = Files.list(folder)) {
      tape = files.filter(file -> file.toString().endsWith(".tape")).findFirst().orElseThrow();
    }
    CommandLineDoor again = say("replay", tape.toString(), "--until", "Placed");
    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.VIOLATED);
    assertThat(again.out())
        .contains("Placed")
        .contains("seed ")
        .doesNotContain("has changed since");
  }

  @Test
  void replay_seedOfTheSwarm_cleanAndSteps() {
    CommandLineDoor said =
        say("replay", "--scenario", "swarm", "--seed", "3", "--step", "--until", "Map");
    assertThat(said.code()).as(said.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(said.out()).contains("clean: every rule held").contains("Attach").contains("Map");
  }

  /** On Akka's dispatchers the sanitizer is one of the actors. */
  @Test
  void explore_smallBound_clean() {
    CommandLineDoor said = say("explore", "--buffers", "1", "--bound", "300");
    assertThat(said.code()).as(said.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(said.out()).contains("states 3").contains("no rule was broken");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          soak --seeds 5..3 | '5..3' is not a range A..B with A at most B
          soak --seeds x | 'x' is not a whole number of 0 to
          soak --seeds 1..99999999999999999999 | is not a whole number of 0 to
          soak --seeds -1..3 | is not a whole number of 0 to
          soak --minutes 0 | --minutes '0' is not a whole number of 1 to 10080
          soak --minutes 1 --seeds 1 | --seeds and --minutes exclude each other
          soak --jobs 0 --seeds 1 | --jobs '0' is not a whole number of 1 to 256
          soak --scenario mars --seeds 1 | --scenario 'mars' is unknown; known: swarm, desktop
          soak --fault quake --seeds 1 | fault 'quake' is unknown; known: device-slow
          soak --fault link-fails:count=x --seeds 1 | count 'x' is not a whole number from 1
          soak --no-faults --fault link-fails --seeds 1 | --no-faults and --fault exclude each other
          soak --set nonsense --seeds 1 | is not of the form key=value
          soak --set regions.VRAM.sise=1 --seeds 1 | unknown key
          replay | replay needs a tape, or --scenario and --seed
          replay /no/such.tape | /no/such.tape: no such regular file
          replay --scenario swarm | replay needs a tape, or --scenario and --seed
          replay --scenario swarm --seed -4 | is not a whole number of 0 to
          replay --scenario mars --seed 4 | --scenario 'mars' is unknown; known: swarm
          explore --buffers 0 | --buffers '0' is not a whole number of 1 to 6
          explore --devices 7 | --devices '7' is not a whole number of 1 to 6
          explore --bound 0 | --bound '0' is not a whole number of 1 to 100000000
          run --fault link-fails | needs --deterministic
          run --sanitize some | 'some' is not all, off, or 1/N with N of 1 to 1000000
          run --sanitize 1/0 | '1/0' is not all, off, or 1/N with N of 1 to 1000000
          run --deterministic --sanitize all | --sanitize and --deterministic exclude each other
          run --deterministic --fault quake | fault 'quake' is unknown; known: device-slow
          """)
  void badInput_anyCommand_oneLineAndExit2(String line, String said) {
    CommandLineDoor answer = say(line.split(" "));
    assertThat(answer.code()).as(answer.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answer.err().strip()).contains(said).doesNotContain("\n");
    assertThat(answer.out()).isEmpty();
  }

  @Test
  void replay_damagedTape_oneLineWithThePlace() throws IOException {
    Path tape = Files.writeString(folder.resolve("x.tape"), "bufferyard-tape 1\nseed one\n");
    CommandLineDoor said = say("replay", tape.toString());
    assertThat(said.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err().strip())
        .endsWith("x.tape:2: 'one' is not a number from 0 to " + Long.MAX_VALUE);
  }
}
