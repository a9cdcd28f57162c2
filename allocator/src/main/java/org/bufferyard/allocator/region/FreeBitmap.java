package org.bufferyard.allocator.region;

/**
 * An ordered set of small integers that finds the next and the previous member in a few words. Not
 * thread-safe; owned by one allocator. Allocates nothing after construction.
 */
final class FreeBitmap {
  /*
   * A tree of 64-bit words. levels[0] holds the members; bit w of levels[k + 1] is set exactly when
   * word w of levels[k] is not zero. The last level is one word, so 2^24 members need four levels.
   */
  private static final int WORD_SHIFT = 6;

  private final long[][] levels;
  private final int capacity;

  FreeBitmap(int capacity) {
    this.capacity = capacity;
    int depth = 1;
    for (int words = words(capacity); words > 1; words = words(words)) {
      depth++;
    }
    levels = new long[depth][];
    int bits = capacity;
    for (int level = 0; level < depth; level++) {
      bits = words(bits);
      levels[level] = new long[bits];
    }
  }

  private static int words(int bits) {
    return Math.ceilDiv(bits, Long.SIZE);
  }

  boolean contains(int member) {
    return ((levels[0][member >>> WORD_SHIFT] >>> member) & 1) != 0;
  }

  boolean isEmpty() {
    return levels[levels.length - 1][0] == 0;
  }

  /** Adds {@code member}, which must not be in the set. */
  void add(int member) {
    assert !contains(member) : member;
    int bit = member;
    for (long[] level : levels) {
      int word = bit >>> WORD_SHIFT;
      long before = level[word];
      level[word] = before | (1L << bit);
      if (before != 0) {
        return;
      }
      bit = word;
    }
  }

  /** Removes {@code member}, which must be in the set. */
  void remove(int member) {
    assert contains(member) : member;
    int bit = member;
    for (long[] level : levels) {
      int word = bit >>> WORD_SHIFT;
      level[word] &= ~(1L << bit);
      if (level[word] != 0) {
        return;
      }
      bit = word;
    }
  }

  /** The lowest member at or above {@code from}, which is not negative; -1 if there is none. */
  int next(int from) {
    int bit = from;
    for (int level = 0; level < levels.length; level++) {
      int word = bit >>> WORD_SHIFT;
      if (word >= levels[level].length) {
        return -1;
      }
      long rest = levels[level][word] & (-1L << bit);
      if (rest != 0) {
        return lowestBelow(level, (word << WORD_SHIFT) + Long.numberOfTrailingZeros(rest));
      }
      bit = word + 1;
    }
    return -1;
  }

  /** The highest member at or below {@code from}; -1 if there is none. */
  int previous(int from) {
    int bit = Math.min(from, capacity - 1);
    for (int level = 0; bit >= 0; level++) {
      int word = bit >>> WORD_SHIFT;
      long rest = levels[level][word] & (-1L >>> (Long.SIZE - 1 - (bit & (Long.SIZE - 1))));
      if (rest != 0) {
        return highestBelow(level, (word << WORD_SHIFT) + 63 - Long.numberOfLeadingZeros(rest));
      }
      bit = word - 1;
    }
    return -1;
  }

  private int lowestBelow(int level, int found) {
    int bit = found;
    for (int below = level - 1; below >= 0; below--) {
      bit = (bit << WORD_SHIFT) + Long.numberOfTrailingZeros(levels[below][bit]);
    }
    return bit;
  }

  private int highestBelow(int level, int found) {
    int bit = found;
    for (int below = level - 1; below >= 0; below--) {
      bit = (bit << WORD_SHIFT) + 63 - Long.numberOfLeadingZeros(levels[below][bit]);
    }
    return bit;
  }
}
