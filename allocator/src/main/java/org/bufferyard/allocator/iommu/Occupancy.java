package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * A bit a page-table slot: whether its entry is present. It answers for a stretch of slots in a
 * word for every 64 of them; stretches within one word, as of small buffers, are the short case.
 * Not thread-safe; owned by its table store.
 */
final class Occupancy {
  private static final int SHIFT = 6;
  private static final int INDEX = Long.SIZE - 1;

  private long[] words;

  Occupancy(int slots) {
    words = new long[slots >>> SHIFT];
  }

  void grow(int slots) {
    words = Arrays.copyOf(words, slots >>> SHIFT);
  }

  private static boolean inWord(int slot, int count) {
    return (slot & INDEX) + count <= Long.SIZE;
  }

  boolean any(int slot, int count) {
    return inWord(slot, count)
        ? (words[slot >>> SHIFT] & mask(slot, count)) != 0
        : anyInWords(slot, slot + count - 1);
  }

  private boolean anyInWords(int slot, int last) {
    long union = (words[slot >>> SHIFT] & from(slot)) | (words[last >>> SHIFT] & upTo(last));
    for (int at = (slot >>> SHIFT) + 1; at < last >>> SHIFT; at++) {
      union |= words[at];
    }
    return union != 0;
  }

  int count(int slot, int count) {
    return inWord(slot, count)
        ? Long.bitCount(words[slot >>> SHIFT] & mask(slot, count))
        : countInWords(slot, slot + count - 1);
  }

  private int countInWords(int slot, int last) {
    int found =
        Long.bitCount(words[slot >>> SHIFT] & from(slot))
            + Long.bitCount(words[last >>> SHIFT] & upTo(last));
    for (int at = (slot >>> SHIFT) + 1; at < last >>> SHIFT; at++) {
      found += Long.bitCount(words[at]);
    }
    return found;
  }

  void set(int slot, int count) {
    if (inWord(slot, count)) {
      words[slot >>> SHIFT] |= mask(slot, count);
    } else {
      setWords(slot, slot + count - 1);
    }
  }

  private void setWords(int slot, int last) {
    words[slot >>> SHIFT] |= from(slot);
    words[last >>> SHIFT] |= upTo(last);
    for (int at = (slot >>> SHIFT) + 1; at < last >>> SHIFT; at++) {
      words[at] = -1;
    }
  }

  void clear(int slot, int count) {
    if (inWord(slot, count)) {
      words[slot >>> SHIFT] &= ~mask(slot, count);
    } else {
      clearWords(slot, slot + count - 1);
    }
  }

  private void clearWords(int slot, int last) {
    words[slot >>> SHIFT] &= ~from(slot);
    words[last >>> SHIFT] &= ~upTo(last);
    for (int at = (slot >>> SHIFT) + 1; at < last >>> SHIFT; at++) {
      words[at] = 0;
    }
  }

  /** Bits of 1 to 64 slots from {@code slot} on, all in its word. */
  private static long mask(int slot, int count) {
    return (-1L >>> -count) << slot;
  }

  private static long from(int slot) {
    return -1L << slot;
  }

  private static long upTo(int last) {
    return -1L >>> ~last;
  }
}
