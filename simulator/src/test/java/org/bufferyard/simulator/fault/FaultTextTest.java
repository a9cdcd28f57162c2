package org.bufferyard.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTextTest {
  private static FaultSpec read(String text) {
    return switch (FaultText.parse(text)) {
      case Outcome.Done<FaultSpec>(FaultSpec spec) -> spec;
      case Outcome.Refused<FaultSpec>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void parse_nameAlone_asTheCatalogueSays(FaultKind kind) {
    assertThat(read(kind.label())).isEqualTo(FaultSpec.usual(kind));
    assertThat(read(kind.label())).hasToString(kind.label());
  }

  @Test
  void parse_everyKey_readAndWrittenBackEqual() {
    FaultSpec spec = read("link-slow:probability=2.5%,interval=3,count=4,scope=VRAM-GTT,time=7 ms");
    assertThat(spec).isEqualTo(new FaultSpec(FaultKind.LINK_SLOW, 25, 3, 4, "VRAM-GTT", 7_000_000));
    assertThat(read(spec.toString())).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing | fault 'nothing' is unknown; known: device-slow, device-hangs
          link-fails: | fault link-fails: '' is not key=value; keys: probability, interval
          link-fails:often | fault link-fails: 'often' is not key=value
          link-fails:p=1 | fault link-fails: key 'p' is unknown; keys: probability, interval
          link-fails:count=0 | fault link-fails: count '0' is not a whole number from 1
          link-fails:count=1,count=2 | fault link-fails: count is given twice
          link-fails:probability=101% | fault link-fails: probability '101%' is not 0 % to 100 %
          link-fails:probability=5 | fault link-fails: probability '5' is not 0 % to 100 %
          link-fails:probability=-1% | fault link-fails: probability '-1%' is not 0 % to 100 %
          link-fails:interval=1e9 | fault link-fails: interval '1e9' is not a whole number from 1
          link-fails:scope=a/b | fault link-fails: scope 'a/b' is not a name
          link-fails:time=1ms | fault link-fails: takes no time
          link-slow:time=1 | fault link-slow: time '1' is not a time
          link-slow:time=3601s | fault link-slow: time '3601s' is not a time
          """)
  void parse_badText_oneLineThatNamesIt(String text, String said) {
    assertThat(FaultText.parse(text)).isInstanceOf(Outcome.Refused.class);
    if (FaultText.parse(text) instanceof Outcome.Refused<FaultSpec>(var refusal)) {
      assertThat(refusal.reason()).startsWith(said).doesNotContain("\n");
    }
  }
}
