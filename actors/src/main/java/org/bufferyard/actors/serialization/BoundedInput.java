package org.bufferyard.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import java.nio.charset.StandardCharsets;

/**
 * Reads counts and texts that nobody vouches for. Whatever has a length is checked against its
 * limit and against what is left before memory is taken for it, so that nothing costs more than a
 * few times its own size. What is no such part is an {@link IllegalArgumentException}. Not
 * thread-safe.
 */
public class BoundedInput extends Input {
  /** Of one text, as UTF-8. */
  public static final int TEXT_BYTES_MAX = 4096;

  /** Of the things in one column. */
  public static final int COUNT_MAX = 1 << 20;

  /** A count of things that take at least {@code minBytesEach}, no more than are left. */
  public final int count(int max, int minBytesEach) {
    int count = readVarInt(true);
    int left = limit() - position();
    if (count < 0 || count > max || (long) count * minBytesEach > left) {
      throw new IllegalArgumentException(
          "count " + Integer.toUnsignedString(count) + ", limit " + max + ", bytes left " + left);
    }
    return count;
  }

  /** Kryo's own strings take memory for a length that nobody has checked. */
  public final String text() {
    byte[] utf8 = new byte[count(TEXT_BYTES_MAX, 1)];
    readBytes(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
