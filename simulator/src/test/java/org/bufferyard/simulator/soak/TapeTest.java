package org.bufferyard.simulator.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.testkit.Courier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TapeTest {
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");
  private static final Path REGRESSIONS = Path.of("regressions");

  @Test
  void text_ofAnyTape_readsBackEqual() {
    for (long seed = 1; seed <= 12; seed++) {
      Tape tape = SwarmTest.drawn(seed).record(Courier.HONEST);
      String text = TapeText.of(tape);
      Tape read = CaseOf.done(TapeReader.read("t", text));
      assertThat(TapeText.of(read)).isEqualTo(text);
      assertThat(read.steps()).isEqualTo(tape.steps());
      assertThat(read.firings()).isEqualTo(tape.firings());
      assertThat(Trial.run(CaseOf.done(read.plan(POLICIES))).eventHash())
          .isEqualTo(tape.expected().eventHash());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | t: the tape ends without a line seed
          hello | t:1: not a tape: begins with 'hello'
          bufferyard-tape 2 | t:1: not a tape: begins with 'bufferyard-tape 2'
          bufferyard-tape 1 | t:1: the tape ends without a line seed
          bufferyard-tape 1~seed x | t:2: 'x' is not a number from 0 to 9223372036854775807
          bufferyard-tape 1~seed -1 | t:2: '-1' is not a number from 0
          bufferyard-tape 1~seed 99999999999999999999 | t:2: '99999999999999999999' is not a number
          bufferyard-tape 1~seed 1 | t:2: the tape ends without a line scenario
          bufferyard-tape 1~seed 1~scenario importers | t:3: the tape ends without a line expect
          bufferyard-tape 1~noise | t:2: 'noise' is no line of a tape
          bufferyard-tape 1~fault earthquake | t:2: fault 'earthquake' is unknown
          bufferyard-tape 1~fires earthquake 1 | t:2: fault 'earthquake' is unknown
          bufferyard-tape 1~fires link-fails 0 | t:2: '0' is not a number from 1
          bufferyard-tape 1~at 0 pin 1 gpu | t:2: a step has a client above it
          bufferyard-tape 1~client a b | t:2: 'a b' is no client
          bufferyard-tape 1~client a~client a | t:3: 'a' is no client, or is there already
          bufferyard-tape 1~client a~at -1 pin 1 gpu | t:3: '-1' is not a number from 0
          bufferyard-tape 1~client a~at 0 jump 1 | t:3: 'jump' is no action
          bufferyard-tape 1~client a~at 0 pin 1 | t:3: has 3 words where 4 belong
          bufferyard-tape 1~client a~at 0 export 1 0 | t:3: '0' is not a number from 1
          bufferyard-tape 1~client a~at 0 submit gpu 0 1:UP:0+1 | t:3: 'UP' is none of
          bufferyard-tape 1~client a~at 0 submit gpu 0 1:TO_DEVICE:0 | t:3: has 3 words where 4
          bufferyard-tape 1~picks 1 x | t:2: 'x' is not a number from -1
          bufferyard-tape 1~picks 0*99999999 | t:2: '99999999' is not a number from 1
          bufferyard-tape 1~expect CLEAN - events 1 | t:2: has 4 words where 6 belong
          bufferyard-tape 1~expect FINE - events 1 hash 0000000000000000 | t:2: is not: expect
          bufferyard-tape 1~expect CLEAN - events 1 hash 0000000000000000~seed 1 | t:3: goes on after
          """)
  void read_badTape_oneLineThatNamesThePlace(String text, String said) {
    Outcome<Tape> outcome = TapeReader.read("t", text.replace('~', '\n'));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    if (outcome instanceof Outcome.Refused<Tape>(var refusal)) {
      assertThat(refusal.reason()).startsWith(said).doesNotContain("\n");
    }
  }

  /**
   * Every truncation and every flipped character of a tape is a tape, or is refused in one line.
   */
  @Test
  void read_damagedTape_neverThrows() {
    String text = TapeText.of(SwarmTest.drawn(3).record(Courier.HONEST));
    for (int at = 0; at < text.length(); at += 7) {
      expectTapeOrLine(text.substring(0, at));
      expectTapeOrLine(text.substring(0, at) + '#' + text.substring(at + 1));
      expectTapeOrLine(text.substring(0, at) + ' ' + text.substring(at));
    }
  }

  private static void expectTapeOrLine(String text) {
    if (TapeReader.read("t", text) instanceof Outcome.Refused<Tape>(var refusal)) {
      assertThat(refusal.reason()).startsWith("t").doesNotContain("\n");
    }
  }

  static Stream<Path> regressions() throws IOException {
    try (Stream<Path> files = Files.list(REGRESSIONS)) {
      return files.filter(file -> file.toString().endsWith(".tape")).sorted().toList().stream();
    }
  }

  /** What failed once, and was put right, is tried again in every build. */
  @ParameterizedTest
  @MethodSource("regressions")
  void play_regression_clean(Path file) throws IOException {
    Tape tape = CaseOf.done(TapeReader.read(file.toString(), Files.readString(file)));
    Trial.Outcome outcome = Trial.run(CaseOf.done(tape.plan(POLICIES)));
    assertThat(outcome.violations()).as("bufferyard replay simulator/%s", file).isEmpty();
  }
}
