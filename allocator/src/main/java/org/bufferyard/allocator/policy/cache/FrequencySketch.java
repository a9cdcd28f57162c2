package org.bufferyard.allocator.policy.cache;

/**
 * Estimates how often an id was seen lately, 0 to 15: a count-min sketch of 4-bit counters in four
 * rows, all halved whenever ten times the rounded width has been counted. Never too low but for
 * halving. Cormode and Muthukrishnan 2005; the halving is TinyLFU's, Einziger et al. 2017. 8 bytes
 * per unit of width.
 *
 * <p>A word holds 16 counters, four per row: row {@code r} of an id is counter {@code 4 * column +
 * r} of the word its hash of that row selects, {@code column} being two bits of the id's hash.
 *
 * <p>Which ids share counters decides cyclic traces: the misses there move by up to three points
 * with the hash. This one's multipliers are those of the implementation that the reference results
 * come from, so that equal ids collide alike.
 */
final class FrequencySketch {
  static final int COUNT_MAX = 15;

  private static final int SAMPLE_FACTOR = 10;
  private static final int ROWS = 4;
  private static final long[] ROW_SEEDS = {
    0xC3A5C85C97CB3127L, 0xB492B66FBE98F273L, 0x9AE16A3B2F90404FL, 0xCBF29CE484222325L
  };
  private static final int SPREAD = 0x45d9f3b;
  private static final long LOW_BITS = 0x1111_1111_1111_1111L;
  private static final long HALVED_BITS = 0x7777_7777_7777_7777L;

  private final long[] words;
  private final int mask;
  private final long sample;
  private long counted;

  /** For about {@code width} ids worth remembering, at least 1; rounded up to a power of two. */
  FrequencySketch(int width) {
    words = new long[width <= 1 ? 1 : Integer.highestOneBit(width - 1) * 2];
    mask = words.length - 1;
    sample = (long) SAMPLE_FACTOR * words.length;
  }

  void count(int id) {
    int column = column(id);
    boolean added = false;
    for (int row = 0; row < ROWS; row++) {
      int word = word(id, row);
      int shift = 4 * (column + row);
      if ((words[word] >>> shift & COUNT_MAX) < COUNT_MAX) {
        words[word] += 1L << shift;
        added = true;
      }
    }
    if (added && ++counted >= sample) {
      halve();
    }
  }

  int estimate(int id) {
    int column = column(id);
    int least = COUNT_MAX;
    for (int row = 0; row < ROWS; row++) {
      long counter = (words[word(id, row)] >>> (4 * (column + row))) & COUNT_MAX;
      least = Math.min(least, (int) counter);
    }
    return least;
  }

  /** Half the counts, less what rounding down lost, are in the next sample already. */
  private void halve() {
    int odd = 0;
    for (int i = 0; i < words.length; i++) {
      odd += Long.bitCount(words[i] & LOW_BITS);
      words[i] = words[i] >>> 1 & HALVED_BITS;
    }
    counted = (counted - (odd >> 2)) >> 1;
  }

  private static int column(int id) {
    return (spread(id) & (ROWS - 1)) * ROWS;
  }

  private int word(int id, int row) {
    long hash = (spread(id) + ROW_SEEDS[row]) * ROW_SEEDS[row];
    return (int) (hash + (hash >>> 32)) & mask;
  }

  /** Two rounds of xor-shift and multiply: every bit of the id moves every bit of the result. */
  private static int spread(int id) {
    int once = (id ^ id >>> 16) * SPREAD;
    int twice = (once ^ once >>> 16) * SPREAD;
    return twice ^ twice >>> 16;
  }
}
