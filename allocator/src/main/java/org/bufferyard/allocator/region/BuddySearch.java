package org.bufferyard.allocator.region;

/**
 * Finds free space among a buddy's blocks without changing them. Not thread-safe; owned with the
 * blocks. Windows are chunk indices {@code [lo, hi)} inside {@code [first, end)}.
 */
final class BuddySearch {
  /** No such space. */
  static final int NONE = -1;

  private final BuddyBlocks blocks;

  BuddySearch(BuddyBlocks blocks) {
    this.blocks = blocks;
  }

  /**
   * Where a block of {@code order} could be split off at a multiple of {@code 2^alignOrder}: bottom
   * up the smallest free block that does, the lowest of its order; top down the highest place.
   */
  int find(int kind, int order, int alignOrder, int lo, int hi, boolean topDown) {
    int best = NONE;
    for (int at = order; at <= blocks.maxOrder(); at++) {
      if ((blocks.ordersWithFree(kind) >>> at & 1) == 0) {
        continue;
      }
      int target = within(kind, at, order, alignOrder, lo, hi, topDown);
      if (target >= 0 && !topDown) {
        return target;
      }
      best = Math.max(best, target);
    }
    if (lo > blocks.first()) {
      best = better(best, straddling(kind, lo, order, alignOrder, lo, hi, topDown), topDown);
    }
    if (hi < blocks.end()) {
      best = better(best, straddling(kind, hi, order, alignOrder, lo, hi, topDown), topDown);
    }
    return best;
  }

  private static int better(int one, int other, boolean topDown) {
    return one < 0 || topDown ? Math.max(one, other) : one;
  }

  /** In the free blocks of order {@code at} that lie wholly in the window. */
  private int within(int kind, int at, int order, int alignOrder, int lo, int hi, boolean topDown) {
    if (at < alignOrder) {
      return blocks.hasFreeAligned(kind, at, alignOrder)
          ? alignedSmall(kind, at, alignOrder, lo, hi, topDown)
          : NONE;
    }
    FreeBitmap free = blocks.free(kind, at);
    if (topDown) {
      int block = free.previous((hi >>> at) - 1);
      int start = block << at;
      return block >= 0 && start >= lo ? highestIn(start, 1 << at, order, alignOrder) : NONE;
    }
    int block = free.next((lo + (1 << at) - 1) >>> at);
    return block >= 0 && block + 1 <= hi >>> at ? block << at : NONE;
  }

  private static int highestIn(int start, int chunks, int order, int alignOrder) {
    return start + chunks - (1 << Math.max(order, alignOrder));
  }

  /** A free block smaller than the alignment helps only where it starts aligned. */
  private int alignedSmall(int kind, int at, int alignOrder, int lo, int hi, boolean topDown) {
    FreeBitmap free = blocks.free(kind, at);
    int step = 1 << (alignOrder - at);
    if (topDown) {
      for (int block = ((hi >>> at) - 1) & -step;
          block >= 0;
          block = free.previous(block) & -step) {
        if (block << at < lo) {
          return NONE;
        }
        if (free.contains(block)) {
          return block << at;
        }
      }
      return NONE;
    }
    int block = (lo + (1 << at) - 1) >>> at;
    while ((block = free.next((block + step - 1) & -step)) >= 0 && block < hi >>> at) {
      if ((block & (step - 1)) == 0) {
        return block << at;
      }
    }
    return NONE;
  }

  /** In the free block that reaches across the window's edge {@code edge}. */
  private int straddling(
      int kind, int edge, int order, int alignOrder, int lo, int hi, boolean topDown) {
    int head = blocks.headOf(edge);
    if (head == edge || !blocks.isFree(head) || blocks.kind(head) != kind) {
      return NONE;
    }
    int start = Math.max(head, lo);
    int room = Math.min(blocks.endOf(head), hi) - start;
    return placeIn(start, room, 1 << order, 1 << Math.max(order, alignOrder), topDown);
  }

  private static int placeIn(int start, int room, int chunks, int align, boolean topDown) {
    if (room < chunks) {
      return NONE;
    }
    int target = topDown ? (start + room - chunks) & -align : (start + align - 1) & -align;
    return target >= start && target + chunks <= start + room ? target : NONE;
  }

  /**
   * A run of {@code chunks} free chunks of either kind, across block borders, that starts at a
   * multiple of {@code align} counted from {@code origin}: the lowest, or top down the highest.
   * Costs a walk over the blocks of the window.
   */
  int findRun(int chunks, long align, long origin, int lo, int hi, boolean topDown) {
    int best = NONE;
    if (noRunHolds(chunks)) {
      return best;
    }
    for (int at = lo; at < hi; ) {
      int head = blocks.headOf(at);
      int past = blocks.endOf(head);
      if (blocks.isFree(head)) {
        past = runEnd(past, hi);
        int target = alignedIn(at, Math.min(past, hi), chunks, align, origin, topDown);
        if (target >= 0 && !topDown) {
          return target;
        }
        best = Math.max(best, target);
      }
      at = past;
    }
    return best;
  }

  /** Where the free run that reaches {@code from} ends, at least {@code hi} if it leaves that. */
  int runEnd(int from, int hi) {
    int past = from;
    while (past < hi) {
      int head = blocks.headOf(past);
      if (!blocks.isFree(head)) {
        break;
      }
      past = blocks.endOf(head);
    }
    return past;
  }

  private static int alignedIn(
      int start, int past, int chunks, long align, long origin, boolean topDown) {
    long target =
        topDown
            ? ((origin + past - chunks) & -align) - origin
            : ((origin + start + align - 1) & -align) - origin;
    return target >= start && target + chunks <= past ? (int) target : NONE;
  }

  /**
   * The longest run of free chunks of either kind, parked ones included. A walk over all blocks
   * where some are cleared or {@code parked}; else over the free blocks of the two highest orders
   * that have any.
   */
  int longestRun(boolean parked) {
    if (parked || blocks.clearedChunks() > 0) {
      return longestRunByWalk();
    }
    int orders = blocks.ordersWithFree(BuddyBlocks.DIRTY);
    if (orders == 0) {
      return 0;
    }
    int top = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(orders);
    int longest = longestAround(top);
    return top == 0 ? longest : Math.max(longest, longestAround(top - 1));
  }

  /** The longest run that holds a free block of {@code order}. */
  private int longestAround(int order) {
    FreeBitmap free = blocks.free(BuddyBlocks.DIRTY, order);
    int longest = 0;
    for (int block = free.next(0); block >= 0; ) {
      int end = runEnd(block << order, blocks.end());
      longest = Math.max(longest, end - runStart(block << order));
      block = free.next((end + (1 << order) - 1) >>> order);
    }
    return longest;
  }

  private int runStart(int head) {
    int start = head;
    while (start > blocks.first()) {
      int before = blocks.headOf(start - 1);
      if (!blocks.isFree(before)) {
        break;
      }
      start = before;
    }
    return start;
  }

  private int longestRunByWalk() {
    int longest = 0;
    int run = 0;
    for (int at = blocks.first(); at < blocks.end(); at = blocks.endOf(at)) {
      run = blocks.isAllocated(at) ? 0 : run + (1 << blocks.order(at));
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /**
   * No run can hold {@code chunks}. In a run of merged blocks of one kind orders rise and then
   * fall, with at most two of the highest, q: it is shorter than 2^(q + 2).
   */
  private boolean noRunHolds(int chunks) {
    int order = Math.max(0, Integer.SIZE - 2 - Integer.numberOfLeadingZeros(chunks));
    return blocks.clearedChunks() == 0 && blocks.ordersWithFree(BuddyBlocks.DIRTY) >>> order == 0;
  }
}
