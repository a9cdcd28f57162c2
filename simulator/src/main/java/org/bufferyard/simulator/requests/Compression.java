package org.bufferyard.simulator.requests;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed, told by its first bytes whatever its name is. */
enum Compression {
  NONE(new byte[0]),
  GZIP(new byte[] {0x1f, (byte) 0x8b}),
  XZ(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}),
  ZSTD(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});

  static final int MAGIC_BYTES_MAX = 6;
  private static final int BUFFER_BYTES = 64 << 10;

  /** A zstd window of more needs {@code --long} at both ends; 128 MiB is zstd's own bound. */
  private static final int ZSTD_WINDOW_LOG_MAX = 27;

  private final byte[] magic;

  Compression(byte[] magic) {
    this.magic = magic;
  }

  static Compression of(byte[] head) {
    for (Compression one : values()) {
      int length = one.magic.length;
      if (length > 0
          && head.length >= length
          && Arrays.equals(head, 0, length, one.magic, 0, length)) {
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
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
