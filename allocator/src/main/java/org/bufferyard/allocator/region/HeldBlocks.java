package org.bufferyard.allocator.region;

import java.util.Arrays;

/**
 * Which blocks of the common orders a caller holds: a bit a block, by start >> order. Its few lines
 * stay in the cache where the blocks' heads, far apart, do not. Not thread-safe; owned with the
 * blocks; allocates nothing after construction.
 */
final class HeldBlocks {
  /** Largest order kept: 4 MiB. */
  static final int ORDER_MAX = 10;

  private static final int WORD_SHIFT = 6;

  private final long[][] words = new long[ORDER_MAX + 1][];

  /** For chunks below {@code end}. */
  HeldBlocks(int end) {
    for (int order = 0; order <= ORDER_MAX; order++) {
      words[order] = new long[(end >>> (order + WORD_SHIFT)) + 1];
    }
  }

  boolean contains(int head, int order) {
    int block = head >>> order;
    return ((words[order][block >>> WORD_SHIFT] >>> block) & 1) != 0;
  }

  /** Orders above the common ones are passed over; so by {@link #remove}. */
  void add(int head, int order) {
    if (order <= ORDER_MAX) {
      int block = head >>> order;
      words[order][block >>> WORD_SHIFT] |= 1L << block;
    }
  }

  void remove(int head, int order) {
    if (order <= ORDER_MAX) {
      int block = head >>> order;
      words[order][block >>> WORD_SHIFT] &= ~(1L << block);
    }
  }

  void clear() {
    for (long[] ofOrder : words) {
      Arrays.fill(ofOrder, 0);
    }
  }
}
