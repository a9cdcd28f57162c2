package org.bufferyard.allocator.policy.offline;

/**
 * A set of ints in {@code [0, bound]} that finds its greatest member below a limit in one step per
 * level, six bits each: level 0 is the set, a bit of level {@code k + 1} says that the word below
 * is not zero. An eighth of a byte per int and a sixty-fourth of that per level above.
 */
final class BitTree {
  private final long[][] levels;

  BitTree(int bound) {
    int depth = 1;
    for (long reach = 64; reach <= bound; reach *= 64) {
      depth++;
    }
    levels = new long[depth][];
    long words = bound + 1L;
    for (int level = 0; level < depth; level++) {
      words = (words + 63) >> 6;
      levels[level] = new long[(int) words];
    }
  }

  void add(int value) {
    int at = value;
    for (long[] level : levels) {
      long word = level[at >> 6];
      level[at >> 6] = word | 1L << at;
      if (word != 0) {
        return;
      }
      at >>= 6;
    }
  }

  void remove(int value) {
    int at = value;
    for (long[] level : levels) {
      level[at >> 6] &= ~(1L << at);
      if (level[at >> 6] != 0) {
        return;
      }
      at >>= 6;
    }
  }

  /** The greatest member below {@code limit}, or -1. */
  int below(int limit) {
    int at = limit;
    for (int level = 0; level < levels.length; level++) {
      int word = at >> 6;
      if (word < levels[level].length) {
        long candidates = levels[level][word] & ((1L << at) - 1);
        if (candidates != 0) {
          return descend(level, (word << 6) + highest(candidates));
        }
      }
      at = word;
    }
    return -1;
  }

  private int descend(int from, int found) {
    int at = found;
    for (int level = from - 1; level >= 0; level--) {
      at = (at << 6) + highest(levels[level][at]);
    }
    return at;
  }

  private static int highest(long word) {
    return 63 - Long.numberOfLeadingZeros(word);
  }
}
