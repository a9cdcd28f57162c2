package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;

/** Which ids are pinned: one bit per id up to the largest ever pinned, none where nothing is. */
final class PinMarks {
  private long[] words = new long[0];
  private int pinned;

  boolean pinned(int id) {
    return pinned > 0 && id >> 6 < words.length && (words[id >> 6] & 1L << id) != 0;
  }

  /** Marks {@code id}; whether it was not marked before. */
  boolean set(int id) {
    if (pinned(id)) {
      return false;
    }
    if (id >> 6 >= words.length) {
      words = Arrays.copyOf(words, Math.max(4, 2 * (id >> 6) + 2));
    }
    words[id >> 6] |= 1L << id;
    pinned++;
    return true;
  }

  /** Unmarks {@code id}; whether it was marked. */
  boolean clear(int id) {
    if (!pinned(id)) {
      return false;
    }
    words[id >> 6] &= ~(1L << id);
    pinned--;
    return true;
  }
}
