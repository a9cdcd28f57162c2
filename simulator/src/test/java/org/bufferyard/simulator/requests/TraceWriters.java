package org.bufferyard.simulator.requests;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Writes one sequence of accesses in each format, plain or compressed. */
final class TraceWriters {
  /** A size that is a function of the object, as each format wants it. */
  static long size(long key) {
    return 100 + key % 7;
  }

  static byte[] bytes(RequestFormat format, long... keys) {
    return switch (format) {
      case LIRS -> lines(keys, key -> key + "\n");
      case ADDRESS ->
          lines(keys, key -> (key % 2 == 0 ? "l" : "s") + " 0x" + Long.toHexString(key) + " 4\n");
      case ADAPT_SIZE -> lines(keys, key -> "1 " + key + " " + size(key) + "\n");
      case CSV -> lines(keys, key -> key + "," + size(key) + "\n");
      case MOONCAKE -> lines(keys, key -> "{\"timestamp\": 1, \"hash_ids\": [" + key + "]}\n");
      case CACHE2K -> words(keys, 4, (word, key) -> word.putInt((int) key));
      case CORDA -> words(keys, 8, (word, key) -> word.putLong(key));
      case ORACLE_GENERAL ->
          words(
              keys,
              24,
              (word, key) ->
                  word.order(ByteOrder.LITTLE_ENDIAN)
                      .putInt(1)
                      .putLong(key)
                      .putInt((int) size(key))
                      .putLong(-1));
      case RMV, MINIMALLOC -> throw new IllegalArgumentException("a capture is no key sequence");
    };
  }

  private interface Line {
    String of(long key);
  }

  private static byte[] lines(long[] keys, Line line) {
    StringBuilder text = new StringBuilder();
    for (long key : keys) {
      text.append(line.of(key));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface Word {
    void put(ByteBuffer word, long key);
  }

  private static byte[] words(long[] keys, int length, Word word) {
    ByteBuffer all = ByteBuffer.allocate(length * keys.length);
    for (int i = 0; i < keys.length; i++) {
      word.put(all.slice(i * length, length), keys[i]);
    }
    return all.array();
  }

  static byte[] compressed(Compression compression, byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case NONE -> packed;
          case GZIP -> new GZIPOutputStream(packed);
          case XZ -> new XZOutputStream(packed, new LZMA2Options(0));
          case ZSTD -> new ZstdOutputStream(packed);
        }) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  static Path write(Path folder, String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private TraceWriters() {}
}
