package org.bufferyard.benchmarks.workload;

import java.util.random.RandomGenerator;

/** How the frames of a buffer lie in memory. Runs never touch one another by chance. */
public enum PagePattern {
  /** One run, aligned to its size and at least to 2 MiB. */
  CONTIG,
  /** No two frames follow one another. */
  SCATTER,
  RUN2,
  RUN8,
  RUN64,
  /** Run lengths that no branch predictor can learn: each page ends its run with probability ½. */
  MIX,
  /** Runs of 4 to 256 pages, powers of two and aligned, as a fragmented buddy gives them. */
  BUDDY;

  private static final int FRAME_BITS = 28;

  /** Fills {@code frames[from]} to {@code frames[from + count - 1]}. */
  void fill(long[] frames, int from, int count, RandomGenerator random) {
    int page = 0;
    while (page < count) {
      int length = Math.min(runPages(count, random), count - page);
      int align = Math.max(2, Integer.highestOneBit(2 * length - 1) * 2);
      if (this == CONTIG) {
        align = Math.max(align, 512);
      }
      long first = ((long) random.nextInt(1 << FRAME_BITS)) & -align;
      for (int i = 0; i < length; i++) {
        frames[from + page + i] = first + i;
      }
      page += length;
    }
  }

  private int runPages(int count, RandomGenerator random) {
    return switch (this) {
      case CONTIG -> count;
      case SCATTER -> 1;
      case RUN2 -> 2;
      case RUN8 -> 8;
      case RUN64 -> 64;
      case MIX -> 1 + Integer.numberOfTrailingZeros(random.nextInt() | 1 << 12);
      case BUDDY -> 4 << random.nextInt(7);
    };
  }
}
