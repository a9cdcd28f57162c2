package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * Freed ranges of power-of-two sizes, kept for the next request of their order: model of {@code
 * struct iova_rcache}, for orders 0 to 14 instead of 0 to 5. Not thread-safe; owned by its
 * allocator; allocates nothing once its depots have grown.
 */
final class IovaMagazines {
  static final int ORDERS = 15;
  static final int NONE = -1;

  /** Most ranges kept of an order; it is refused beyond. */
  static final int CAPACITY = 1 << 17;

  /*
   * Each order has a loaded magazine, whose last entry is the range freed last, and a depot for what
   * does not fit. Between the two goes half a magazine at a time, so that a pair of requests at the
   * border does not move one every time. A loaded magazine is 128 cells: how many ranges it holds,
   * then their first pages.
   */
  private static final int SHIFT = 7;
  private static final int SIZE = (1 << SHIFT) - 1;
  private static final int HALF = SIZE / 2;

  /** How far down a magazine is searched for a range below the limit. */
  private static final int SCAN_MAX = SIZE;

  private final int capacity;
  private final long[] loaded = new long[ORDERS << SHIFT];
  private final long[][] depots = new long[ORDERS][];
  private final int[] depotDepths = new int[ORDERS];

  IovaMagazines() {
    this(CAPACITY);
  }

  /** Keeps at most {@code capacity} ranges of an order. */
  IovaMagazines(int capacity) {
    this.capacity = capacity;
    Arrays.fill(depots, new long[0]);
  }

  /** Takes a range of {@code order} that starts at or below {@code lastStart}; NONE for none. */
  long take(int order, long lastStart) {
    int base = order << SHIFT;
    int depth = (int) loaded[base];
    if (depth > 0) {
      long start = loaded[base + depth];
      if (start <= lastStart) {
        loaded[base] = depth - 1L;
        return start;
      }
    }
    return search(order, lastStart);
  }

  /** The latest of all those kept that lies low enough, within {@link #SCAN_MAX}. */
  private long search(int order, long lastStart) {
    int base = order << SHIFT;
    if (loaded[base] == 0) {
      reload(order);
    }
    int depth = (int) loaded[base];
    for (int at = depth; at > 0; at--) {
      long start = loaded[base + at];
      if (start <= lastStart) {
        loaded[base + at] = loaded[base + depth];
        loaded[base] = depth - 1L;
        return start;
      }
    }
    return searchDepot(order, lastStart, SCAN_MAX - depth);
  }

  private long searchDepot(int order, long lastStart, int scanMax) {
    long[] depot = depots[order];
    int last = depotDepths[order] - 1;
    for (int at = last; at >= 0 && at > last - scanMax; at--) {
      long start = depot[at];
      if (start <= lastStart) {
        depot[at] = depot[last];
        depotDepths[order] = last;
        return start;
      }
    }
    return NONE;
  }

  private void reload(int order) {
    int count = Math.min(HALF, depotDepths[order]);
    depotDepths[order] -= count;
    System.arraycopy(depots[order], depotDepths[order], loaded, (order << SHIFT) + 1, count);
    loaded[order << SHIFT] = count;
  }

  /** Keeps a range of {@code 2^order} pages; false where there are too many. */
  boolean keep(int order, long start) {
    assert !holds(order, start) : "freed twice, start=" + start + ", order=" + order;
    int base = order << SHIFT;
    int depth = (int) loaded[base] + 1;
    if (depth > SIZE) {
      return keepBeyond(order, start);
    }
    loaded[base + depth] = start;
    loaded[base] = depth;
    return true;
  }

  /** Moves the older half of the loaded magazine to the depot first; false where that is full. */
  private boolean keepBeyond(int order, long start) {
    int to = depotDepths[order];
    if (to + HALF + SIZE > capacity) {
      return false;
    }
    if (to + HALF > depots[order].length) {
      depots[order] = Arrays.copyOf(depots[order], Math.max(4 * SIZE, 2 * to));
    }
    int first = (order << SHIFT) + 1;
    System.arraycopy(loaded, first, depots[order], to, HALF);
    System.arraycopy(loaded, first + HALF, loaded, first, SIZE - HALF);
    depotDepths[order] = to + HALF;
    loaded[first + SIZE - HALF] = start;
    loaded[first - 1] = SIZE - HALF + 1;
    return true;
  }

  /** Pages in all that is kept. */
  long pages() {
    long pages = 0;
    for (int order = 0; order < ORDERS; order++) {
      pages += (loaded[order << SHIFT] + depotDepths[order]) << order;
    }
    return pages;
  }

  /** Gives everything kept to {@code tree}. */
  void flush(IovaTree tree) {
    for (int order = 0; order < ORDERS; order++) {
      int base = order << SHIFT;
      release(tree, order, loaded, base + 1, (int) loaded[base]);
      release(tree, order, depots[order], 0, depotDepths[order]);
      loaded[base] = 0;
      depotDepths[order] = 0;
    }
  }

  private static void release(IovaTree tree, int order, long[] starts, int from, int count) {
    for (int at = from; at < from + count; at++) {
      tree.release(starts[at], 1L << order);
    }
  }

  private boolean holds(int order, long start) {
    return contains(loaded, (order << SHIFT) + 1, (int) loaded[order << SHIFT], start)
        || contains(depots[order], 0, depotDepths[order], start);
  }

  private static boolean contains(long[] starts, int from, int count, long start) {
    for (int at = from; at < from + count; at++) {
      if (starts[at] == start) {
        return true;
      }
    }
    return false;
  }
}
