package org.bufferyard.simulator.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bufferyard.simulator.trace.TraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever is wrong with a trace: one line that names file, place, field and value. */
class BadTraceTest {
  private static final ReadProgress SILENT = (what, done, total) -> {};
  private static final ReadLimits SMALL =
      new ReadLimits(1 << 18, 50, 64 << 10, 64 << 10, 64 << 10, 100, 1_000, 100);

  @TempDir Path folder;

  private void assertRefused(byte[] bytes, Optional<RequestFormat> format, String... named)
      throws IOException {
    Path file = TraceWriters.write(folder, "bad.trace", bytes);
    assertThatThrownBy(() -> RequestTrace.read(file, format, true, SILENT, SMALL))
        .isInstanceOf(TraceException.class)
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(500)
        .contains("bad.trace")
        .contains(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lirs       | 5;x7               | line 2: block 'x7'",
        "lirs       | 5;-7               | line 2: block '-7'",
        "lirs       | 9223372036854775808 | line 1: block '9223372036854775808'",
        "lirs       | 5 6                | line 1: after block '6'",
        "address    | l 0x1 4;q 0x2 4    | line 2: access 'q'",
        "address    | l 0x12345678123456789 4 | line 1: address '0x12345678123456789'",
        "address    | s 17 4             | line 1: address '17'",
        "adapt-size | 1 2 3;1 2          | line 2: bytes ''",
        "adapt-size | 1 2 0              | line 1: bytes '0'",
        "adapt-size | 1 2 99999999999999999 | line 1: bytes '99999999999999999'",
        "adapt-size | 1 2 3 4            | line 1: after bytes '4'",
        "csv        | a,5;b,6;a,7        | line 3: bytes '7': object 'a' had 5 before",
        "csv        | a,5;b              | line 2: fields '1': not 2",
        "csv        | a,5,6              | line 1: fields '3'",
        "csv        | a,0                | line 1: bytes '0'",
        "csv        | a,-5               | line 1: bytes '-5'",
        "csv        | 1;18446744073709551616 | line 2: key '18446744073709551616'",
        "csv        | a,5;,6             | line 2: key ''",
        "csv        | key,size           | the trace is empty",
        "mooncake   | {\"hash_ids\": [1;  | line 1: JSON",
        "mooncake   | {\"hash_ids\": [1.5]} | line 1: hash_ids '1.5'",
        "mooncake   | {\"hash_ids\": [99999999999999999999]} | line 1: hash_ids '99999999999999999999'",
        "mooncake   | {\"hash_ids\": 5}  | line 1: hash_ids '5': not an array",
        "mooncake   | {\"a\": 1}         | line 1: hash_ids",
        "mooncake   | []                 | line 1: JSON",
        "minimalloc | id,lower,upper,size;a,5,3,1 | line 2: upper '3'",
        "rmv        | nothing            | bad.trace",
      })
  void read_badText_namesLineFieldAndValue(String format, String text, String named)
      throws IOException {
    byte[] bytes = text.replace(';', '\n').getBytes(StandardCharsets.UTF_8);
    assertRefused(bytes, RequestFormat.named(format), named);
  }

  @Test
  void read_oracleGeneralSizeChanges_namesByteObjectAndSizes() throws IOException {
    byte[] bytes = TraceWriters.bytes(RequestFormat.ORACLE_GENERAL, 7, 8, 7);
    bytes[48 + 12] = 9;
    assertRefused(bytes, Optional.empty(), "byte 48: bytes 9: object 7 had 100 bytes before");
    bytes[48 + 12] = 0;
    assertRefused(bytes, Optional.of(RequestFormat.ORACLE_GENERAL), "byte 48: bytes 0: not from 1");
  }

  @ParameterizedTest
  @CsvSource({"CACHE2K, 4", "CORDA, 8", "ORACLE_GENERAL, 24"})
  void read_cutRecord_namesTheByte(RequestFormat format, int length) throws IOException {
    byte[] bytes = TraceWriters.bytes(format, 1, 2, 3);
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertRefused(cut, Optional.of(format), "byte " + 2 * length + ": record of " + length);
  }

  @Test
  void read_emptyOrUnrecognised_saysSo() throws IOException {
    assertRefused(new byte[0], Optional.empty(), "the file is empty");
    assertRefused(new byte[0], Optional.of(RequestFormat.LIRS), "the trace is empty");
    assertRefused("dear diary".getBytes(StandardCharsets.UTF_8), Optional.empty(), "--format");
    assertThatThrownBy(
            () -> RequestTrace.read(folder.resolve("no"), Optional.empty(), false, SILENT))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> RequestTrace.read(folder, Optional.empty(), false, SILENT))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("not a regular file");
  }

  private static byte[] zip(List<String> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write("1\n2\n3\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Whatever is in it, and whatever it is packed in: nothing is unpacked, nothing is written. */
  @Test
  void read_archive_isRefusedWithoutLookingInside() throws IOException {
    List<String> many = IntStream.range(0, 2_000).mapToObj(each -> "trace-" + each).toList();
    for (List<String> entries :
        List.of(
            List.of("trace.lirs"),
            List.of("../../etc/x"),
            List.of("/etc/x"),
            List.<String>of(),
            many)) {
      byte[] zip = zip(entries);
      assertRefused(zip, Optional.empty(), "byte 0", "zip archive", "unpack it");
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(zip);
      }
      assertRefused(packed.toByteArray(), Optional.empty(), "byte 0", "zip archive", "unpack it");
    }
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused(tar, Optional.empty(), "a tar archive");
    assertRefused("BZh91AY&SY".getBytes(StandardCharsets.US_ASCII), Optional.empty(), "bzip2");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIRS", "ADDRESS", "ADAPT_SIZE", "CSV", "MOONCAKE"})
  void read_lineOver64KiB_namesTheLine(RequestFormat format) throws IOException {
    byte[] bytes = new byte[70_000];
    Arrays.fill(bytes, (byte) '7');
    byte[] first = TraceWriters.bytes(format, 1);
    byte[] both = Arrays.copyOf(first, first.length + bytes.length);
    System.arraycopy(bytes, 0, both, first.length, bytes.length);
    assertRefused(both, Optional.of(format), "line", "65536 bytes");
  }

  @Test
  void read_moreObjectsOrEntriesThanIds_namesTheFirstTooMany() throws IOException {
    long[] keys = new long[101];
    Arrays.setAll(keys, i -> i);
    assertRefused(
        TraceWriters.bytes(RequestFormat.LIRS, keys),
        Optional.empty(),
        "line 101: object '100': more than 100 objects");
    assertRefused(
        TraceWriters.bytes(RequestFormat.CORDA, new long[1_001]),
        Optional.of(RequestFormat.CORDA),
        "entry 1000");
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
  void read_cutAnywhere_isNeverTakenForWhole(Compression compression) throws IOException {
    long[] keys = new SplittableRandom(1).longs(300, 0, 90).toArray();
    byte[] whole =
        TraceWriters.compressed(compression, TraceWriters.bytes(RequestFormat.LIRS, keys));
    for (int length = Compression.MAGIC_BYTES_MAX; length < whole.length; length += 11) {
      assertRefused(
          Arrays.copyOf(whole, length), Optional.of(RequestFormat.LIRS), "byte ", " data: cut off");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "XZ"})
  void read_anyBitFlipped_isFound(Compression compression) throws IOException {
    long[] keys = new SplittableRandom(1).longs(300, 0, 90).toArray();
    byte[] whole =
        TraceWriters.compressed(compression, TraceWriters.bytes(RequestFormat.LIRS, keys));
    for (int at = 12; at < whole.length; at += 29) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      assertRefused(flipped, Optional.of(RequestFormat.LIRS), "bad.trace");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
  void read_bomb_stopsAtTheRatioOrTheSize(Compression compression) throws IOException {
    byte[] bomb = TraceWriters.compressed(compression, new byte[900 << 10]);
    assertRefused(bomb, Optional.of(RequestFormat.CORDA), compression.label(), "50 times its size");
    byte[] dense = new byte[300 << 10];
    new SplittableRandom(1).nextBytes(dense);
    assertRefused(
        TraceWriters.compressed(compression, dense),
        Optional.of(RequestFormat.MINIMALLOC),
        compression.label(),
        "more than 262144 bytes");
  }

  @Test
  void again_fileChanged_isFound() throws IOException {
    long[] keys = new SplittableRandom(1).longs(2_000, 0, 90).toArray();
    Path file = TraceWriters.write(folder, "t", TraceWriters.bytes(RequestFormat.CORDA, keys));
    Optional<RequestFormat> format = Optional.of(RequestFormat.CORDA);
    RequestTrace trace = RequestTrace.read(file, format, false, SILENT, SMALL);
    assertThat(trace.kept(false)).isEmpty();
    keys[1_500] = keys[1_499];
    TraceWriters.write(folder, "t", TraceWriters.bytes(RequestFormat.CORDA, keys));
    int[] chunk = new int[512];
    try (RequestTrace.Again again = trace.again()) {
      assertThatThrownBy(
              () -> {
                while (again.fill(chunk) > 0) {
                  assertThat(again.done()).isPositive();
                }
              })
          .isInstanceOf(TraceException.class)
          .hasMessageContaining("changed while it was read");
    }
  }
}
