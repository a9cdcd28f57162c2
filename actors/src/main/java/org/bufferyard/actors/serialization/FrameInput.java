package org.bufferyard.actors.serialization;

import akka.util.ByteString;
import com.esotericsoftware.kryo.io.Input;
import java.nio.charset.StandardCharsets;

/**
 * Reads the parts of a frame. Whatever has a length is checked against its limit and against what
 * is left of the frame before memory is taken for it, so that no frame costs more than a few times
 * its own size.
 */
public final class FrameInput {
  public static final int TEXT_BYTES_MAX = 4096;
  static final int BYTES_MAX = 1 << 20;
  public static final int COUNT_MAX = 1 << 20;

  private FrameInput() {}

  private static int left(Input in) {
    return in.limit() - in.position();
  }

  /**
   * A count of things that take at least {@code minBytesEach}.
   *
   * @throws IllegalArgumentException more than {@code max}, or than the frame can hold
   */
  public static int count(Input in, int max, int minBytesEach) {
    int count = in.readVarInt(true);
    if (count < 0 || count > max || (long) count * minBytesEach > left(in)) {
      throw new IllegalArgumentException(
          "count "
              + Integer.toUnsignedString(count)
              + ", limit "
              + max
              + ", bytes left "
              + left(in));
    }
    return count;
  }

  /** Kryo's own strings take memory for a length that nobody has checked. */
  public static String text(Input in) {
    byte[] utf8 = new byte[count(in, TEXT_BYTES_MAX, 1)];
    in.readBytes(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  static ByteString bytes(Input in) {
    byte[] bytes = new byte[count(in, BYTES_MAX, 1)];
    in.readBytes(bytes);
    return ByteString.fromArrayUnsafe(bytes);
  }
}
