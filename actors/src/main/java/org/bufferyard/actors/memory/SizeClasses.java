package org.bufferyard.actors.memory;

import java.util.Arrays;

/**
 * Room for pieces of up to a page in one pool of bytes: the pool is cut into pages, each page into
 * pieces of one size, multiples of 256 bytes. A page whose pieces are all free serves any size
 * again. Not thread-safe; owned by a {@link CompressedTier}.
 */
final class SizeClasses {
  static final int NONE = -1;
  static final int UNIT_BYTES = 256;
  static final int PAGE_BYTES = 4096;
  private static final int UNITS = PAGE_BYTES / UNIT_BYTES;

  /** By page of the pool: units of its pieces, 0 while it is free. */
  private final byte[] unitsOf;

  /** By page: bit i is set while piece i is taken. */
  private final short[] taken;

  /** By size in units: a page that may have a free piece, or {@link #NONE}. */
  private final int[] candidate = new int[UNITS + 1];

  /** By page: the next candidate of the same size. */
  private final int[] nextCandidate;

  private final boolean[] listed;
  private final int[] freePages;
  private int freeCount;

  SizeClasses(int pages) {
    unitsOf = new byte[pages];
    taken = new short[pages];
    nextCandidate = new int[pages];
    listed = new boolean[pages];
    freePages = new int[pages];
    for (int page = pages - 1; page >= 0; page--) {
      freePages[freeCount++] = page;
    }
    Arrays.fill(candidate, NONE);
  }

  /**
   * The unit at which a piece for {@code bytes} bytes begins, or {@link #NONE}: the pool is full.
   */
  int take(int bytes) {
    int units = Math.ceilDiv(bytes, UNIT_BYTES);
    int pieces = UNITS / units;
    while (candidate[units] != NONE) {
      int page = candidate[units];
      int piece = Integer.numberOfTrailingZeros(~(taken[page] & 0xffff));
      if (unitsOf[page] == units && piece < pieces) {
        return claim(page, piece, units);
      }
      candidate[units] = nextCandidate[page];
      listed[page] = false;
    }
    if (freeCount == 0) {
      return NONE;
    }
    int page = freePages[--freeCount];
    unitsOf[page] = (byte) units;
    list(page, units);
    return claim(page, 0, units);
  }

  private int claim(int page, int piece, int units) {
    taken[page] |= (short) (1 << piece);
    return page * UNITS + piece * units;
  }

  private void list(int page, int units) {
    if (!listed[page]) {
      listed[page] = true;
      nextCandidate[page] = candidate[units];
      candidate[units] = page;
    }
  }

  void give(int unit) {
    int page = unit / UNITS;
    int units = unitsOf[page];
    taken[page] &= (short) ~(1 << (unit % UNITS / units));
    if (taken[page] == 0 && !listed[page]) {
      free(page);
    } else if (taken[page] == 0) {
      unlist(page, units);
      free(page);
    } else {
      list(page, units);
    }
  }

  private void free(int page) {
    unitsOf[page] = 0;
    freePages[freeCount++] = page;
  }

  private void unlist(int page, int units) {
    int before = NONE;
    for (int at = candidate[units]; at != page; at = nextCandidate[at]) {
      before = at;
    }
    if (before == NONE) {
      candidate[units] = nextCandidate[page];
    } else {
      nextCandidate[before] = nextCandidate[page];
    }
    listed[page] = false;
  }

  int freePages() {
    return freeCount;
  }
}
