package org.bufferyard.simulator.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.bufferyard.allocator.policy.replay.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RequestTraceTest {
  private static final ReadProgress SILENT = (what, done, total) -> {};
  private static final long[] KEYS = {7, 3, 7, 9, 3, 12, 12, 7};
  private static final int[] IDS = {0, 1, 0, 2, 1, 3, 3, 0};

  @TempDir Path folder;

  private static RequestTrace read(Path file, Optional<RequestFormat> format) {
    return RequestTrace.read(file, format, true, SILENT);
  }

  private static int[] ids(RequestTrace trace) {
    Requests requests = trace.kept(true).orElseThrow();
    int[] ids = new int[requests.count()];
    for (int at = 0; at < ids.length; at++) {
      ids[at] = requests.id(at);
    }
    return ids;
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RMV", "MINIMALLOC"},
      mode = Mode.EXCLUDE)
  void read_everyFormatAndCompression_sameIdsInOrderOfFirstRequest(RequestFormat format)
      throws IOException {
    byte[] plain = TraceWriters.bytes(format, KEYS);
    for (Compression compression : Compression.values()) {
      byte[] packed = TraceWriters.compressed(compression, plain);
      Path file = TraceWriters.write(folder, format.label() + "." + compression, packed);
      RequestTrace trace = read(file, Optional.empty());
      assertThat(trace.format()).as(file.toString()).isEqualTo(format);
      assertThat(ids(trace)).as(file.toString()).isEqualTo(IDS);
      assertThat(trace.requests()).isEqualTo(8);
      assertThat(trace.objects()).isEqualTo(4);
      boolean sized =
          format == RequestFormat.ADAPT_SIZE
              || format == RequestFormat.CSV
              || format == RequestFormat.ORACLE_GENERAL;
      assertThat(trace.sized()).isEqualTo(sized);
      assertThat(trace.footprintBytes()).isEqualTo(sized ? 100 + 103 + 102 + 105 : 4);
      assertThat(trace.requestedBytes()).isEqualTo(sized ? 818 : 8);
    }
  }

  @Test
  void read_namedFormat_isNotGuessed() throws IOException {
    Path file = TraceWriters.write(folder, "t", TraceWriters.bytes(RequestFormat.CORDA, KEYS));
    assertThat(read(file, Optional.of(RequestFormat.CACHE2K)).requests()).isEqualTo(16);
  }

  @Test
  void read_adaptSizeKeyWithTwoSizes_isTwoObjects() throws IOException {
    byte[] text = "1 5 100\n2 5 200\n3 5 100\n".getBytes(StandardCharsets.UTF_8);
    RequestTrace trace = read(TraceWriters.write(folder, "t", text), Optional.empty());
    assertThat(ids(trace)).containsExactly(0, 1, 0);
    assertThat(trace.footprintBytes()).isEqualTo(300);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "key,size;a,5;\"b,c\",6;a,5   | 0 1 0",
        "KEY;x;y;x                    | 0 1 0",
        "18446744073709551615,1;7,1;-3,1;007,1 | 0 1 2 1",
        "a,1;;a,1                     | 0 0",
      })
  void read_csv_namesNumbersAndHeader(String lines, String ids) throws IOException {
    byte[] text = lines.replace(';', '\n').getBytes(StandardCharsets.UTF_8);
    RequestTrace trace = read(TraceWriters.write(folder, "t.csv", text), Optional.empty());
    assertThat(java.util.Arrays.stream(ids(trace)).mapToObj(String::valueOf).toList())
        .containsExactly(ids.split(" "));
  }

  @Test
  void read_lirsStarsAndBlankLines_areIgnored() throws IOException {
    byte[] text = "5\n\n*\n 6 \r\n5".getBytes(StandardCharsets.UTF_8);
    assertThat(ids(read(TraceWriters.write(folder, "t", text), Optional.empty())))
        .containsExactly(0, 1, 0);
  }

  @Test
  void read_mooncakeLine_isItsBlocksInOrder() throws IOException {
    String line = "{\"hash_ids\": [4, 5, 4], \"more\": {\"hash_ids\": [9]}}\n";
    Path file = TraceWriters.write(folder, "t", line.getBytes(StandardCharsets.UTF_8));
    assertThat(ids(read(file, Optional.empty()))).containsExactly(0, 1, 0);
  }

  @Test
  void read_minimalloc_touchesAtBirthAndDeathThenFrees() throws IOException {
    String text = "id,lower,upper,size\na,0,3,8192\nb,1,2,4096\n";
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    for (Compression compression : Compression.values()) {
      byte[] packed = TraceWriters.compressed(compression, plain);
      RequestTrace trace =
          read(TraceWriters.write(folder, "m" + compression, packed), Optional.empty());
      assertThat(trace.format()).isEqualTo(RequestFormat.MINIMALLOC);
      assertThat(ids(trace)).containsExactly(0, 1, 1, ~1, 0, ~0);
      assertThat(trace.requests()).isEqualTo(4);
      assertThat(trace.footprintBytes()).isEqualTo(12_288);
    }
  }
}
