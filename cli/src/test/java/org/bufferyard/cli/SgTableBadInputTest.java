package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SgTableBadInputTest {
  private static CommandLineDoor sgtable(String line) {
    return CommandLineDoor.type(("sgtable " + line).strip().split(" +"));
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "1 x", "\u0000\u00ff", "1,2"})
  void sgtable_unreadableInput_refused(String text) {
    CommandLineDoor door = CommandLineDoor.sgtable(input(text), "--json");
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.out()).contains("\"segments\": []", "\"errno\": \"EINVAL\"");
  }

  @Test
  void sgtable_endlessInput_refusedAtTheLimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return '1';
          }

          @Override
          public int read(byte[] bytes, int from, int count) {
            Arrays.fill(bytes, from, from + count, (byte) '1');
            return count;
          }
        };
    CommandLineDoor door = CommandLineDoor.sgtable(endless);
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.err()).contains("at most 67108864 bytes of page frames");
  }

  @Test
  void sgtable_brokenInput_refusedWithEio() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] bytes, int from, int count) throws IOException {
            throw new IOException("gone");
          }
        };
    CommandLineDoor door = CommandLineDoor.sgtable(broken, "--json");
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.out()).contains("\"errno\": \"EIO\"", "gone");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--max-segment 4095 0 | maxSegmentBytes=4095",
        "--max-segment -1 0 | maxSegmentBytes=-1",
        "--max-segment many 0 | --max-segment must be a whole number",
        "--max-segment 9223372036854775808 0 | 9223372036854775808",
        "--boundary 0 0 | boundaryMask=0",
        "--boundary 5000 0 | boundaryMask=5000",
        "--boundary 65536 0 | boundaryMask=65536",
        "--boundary -1 0 | --boundary must be one less than a power of two",
        "--boundary 18446744073709551616 0 | 18446744073709551616",
        "--dma-mask 0 0 | bits=0",
        "--dma-mask 65 0 | bits=65",
        "--dma-mask 99999999999 0 | bits=65",
        "--dma-mask 12 7 | mask",
        "--offset -1 0 | offset=-1",
        "--offset 4096 0 | offset=4096",
        "--length 0 0 | length=0",
        "--length 4097 0 | length=4097",
        "--length -1 0 | length=-1",
        "-5 | -5",
        "5-3 | 5-3",
        "5- | 5-",
        "4503599627370496 | 4503599627370496",
        "0x10 | 0x10",
        "1.5 | 1.5"
      })
  void sgtable_badRequest_saysTheValueAsTextAndAsJson(String line, String told) {
    CommandLineDoor text = sgtable(line);
    assertThat(text.code()).isEqualTo(2);
    assertThat(text.out()).isEmpty();
    assertThat(text.err()).contains(told).hasLineCount(1);
    CommandLineDoor json = sgtable("--json " + line);
    assertThat(json.code()).isEqualTo(2);
    assertThat(json.err()).isEmpty();
    assertThat(json.out()).contains("\"segments\": []", "\"iovaBytes\": null", told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus 3", "-x 3", "--max-segment", "--offset 1 --offset 2 3"})
  void sgtable_badUsage_oneLineAndExitCode2(String line) {
    CommandLineDoor door = sgtable(line);
    assertThat(door.code()).isEqualTo(2);
    assertThat(door.err()).hasLineCount(1).contains("sgtable --help");
    assertThat(door.out()).isEmpty();
  }
}
