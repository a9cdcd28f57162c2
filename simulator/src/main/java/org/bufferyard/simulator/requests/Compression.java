package org.bufferyard.simulator.requests;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed, told by its first bytes whatever its name is. */
enum Compression {
  NONE(""),
  GZIP("\u001f\u008b"),
  XZ("\u00fd7zXZ\u0000"),
  ZSTD("(\u00b5/\u00fd");

  static final int MAGIC_BYTES_MAX = 6;
  private static final int BUFFER_BYTES = 64 << 10;

  /** A zstd window of more needs {@code --long} at both ends; 128 MiB is zstd's own bound. */
  private static final int ZSTD_WINDOW_LOG_MAX = 27;

  /** A letter a byte. */
  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  static Compression of(byte[] head) {
    String letters = new String(head, StandardCharsets.ISO_8859_1);
    for (Compression one : values()) {
      if (one != NONE && letters.startsWith(one.magic)) {
        return one;
      }
    }
    return NONE;
  }

  /** The decoded bytes of {@code raw}; members that follow each other are read as one. */
  InputStream decoded(InputStream raw, int decoderKibMax) throws IOException {
    return switch (this) {
      case NONE -> raw;
      case GZIP -> new GZIPInputStream(raw, BUFFER_BYTES);
      case XZ -> new XZInputStream(raw, decoderKibMax);
      case ZSTD -> new ZstdInputStream(raw).setLongMax(ZSTD_WINDOW_LOG_MAX);
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
