package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * A bit a page-table slot: whether its entry is present. It answers for a stretch of slots in a
 * word for every 64 of them. Not thread-safe; owned by its table store.
 */
final class Occupancy {
  private static final int SHIFT = 6;

  private long[] words;

  Occupancy(int slots) {
    words = new long[slots >>> SHIFT];
  }

  void grow(int slots) {
    words = Arrays.copyOf(words, slots >>> SHIFT);
  }

  boolean any(int slot, int count) {
    int last = slot + count - 1;
    int word = slot >>> SHIFT;
    int lastWord = last >>> SHIFT;
    if (word == lastWord) {
      return (words[word] & mask(slot, count)) != 0;
    }
    long union = (words[word] & from(slot)) | (words[lastWord] & upTo(last));
    for (int at = word + 1; at < lastWord; at++) {
      union |= words[at];
    }
    return union != 0;
  }

  int count(int slot, int count) {
    int last = slot + count - 1;
    int word = slot >>> SHIFT;
    int lastWord = last >>> SHIFT;
    if (word == lastWord) {
      return Long.bitCount(words[word] & mask(slot, count));
    }
    int found =
        Long.bitCount(words[word] & from(slot)) + Long.bitCount(words[lastWord] & upTo(last));
    for (int at = word + 1; at < lastWord; at++) {
      found += Long.bitCount(words[at]);
    }
    return found;
  }

  void set(int slot, int count) {
    int last = slot + count - 1;
    int word = slot >>> SHIFT;
    int lastWord = last >>> SHIFT;
    if (word == lastWord) {
      words[word] |= mask(slot, count);
      return;
    }
    words[word] |= from(slot);
    words[lastWord] |= upTo(last);
    for (int at = word + 1; at < lastWord; at++) {
      words[at] = -1;
    }
  }

  void clear(int slot, int count) {
    int last = slot + count - 1;
    int word = slot >>> SHIFT;
    int lastWord = last >>> SHIFT;
    if (word == lastWord) {
      words[word] &= ~mask(slot, count);
      return;
    }
    words[word] &= ~from(slot);
    words[lastWord] &= ~upTo(last);
    for (int at = word + 1; at < lastWord; at++) {
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
