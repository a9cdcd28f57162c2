package org.bufferyard.allocator.region;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Allocations made of several buddy blocks, each whole or not at all. Not thread-safe; owned with
 * the blocks. The blocks of the last successful claim are in {@link #head} until the next one;
 * nothing is allocated in steady state.
 */
final class BuddyClaims {
  private final BuddyBlocks blocks;
  private final BuddySearch search;
  private final @Nullable RandomGenerator scatter;
  private int[] heads = new int[64];
  private int count;
  private int mixedFrom;

  /** With {@code scatter}, bottom-up searches start at a drawn place instead of the lowest. */
  BuddyClaims(BuddyBlocks blocks, BuddySearch search, @Nullable RandomGenerator scatter) {
    this.blocks = blocks;
    this.search = search;
    this.scatter = scatter;
  }

  int count() {
    return count;
  }

  int head(int index) {
    return heads[index];
  }

  /**
   * Takes {@code chunks} in as many blocks as it takes, of the orders whose bits are set in {@code
   * orders}, largest first, each at a multiple of {@code 2^alignOrder}; blocks of {@code kind} are
   * preferred. False, with nothing taken, if the window cannot give them.
   */
  boolean takeScattered(
      int chunks, int orders, int alignOrder, int kind, int lo, int hi, boolean topDown) {
    if (fill(chunks, orders, alignOrder, kind, lo, hi, topDown) == 0) {
      return true;
    }
    giveBack();
    return false;
  }

  /** Takes what it can and returns how many chunks are missing. */
  private int fill(
      int chunks, int orders, int alignOrder, int kind, int lo, int hi, boolean topDown) {
    count = 0;
    int usable = orders;
    int left = chunks;
    while (left > 0) {
      usable &= (Integer.highestOneBit(left) << 1) - 1;
      if (usable == 0) {
        return left;
      }
      int order = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(usable);
      int target = pick(kind, order, alignOrder, lo, hi, topDown);
      if (target < 0) {
        usable &= ~(1 << order);
      } else {
        take(target, order);
        left -= 1 << order;
      }
    }
    return 0;
  }

  /**
   * Takes one run of {@code chunks} at a multiple of {@code align} counted from {@code origin}:
   * inside one block if any is large enough, else across neighbours. False if there is none.
   */
  boolean takeRun(int kind, int chunks, long align, long origin, int lo, int hi, boolean topDown) {
    count = 0;
    int start = insideBlock(kind, chunks, align, lo, hi, topDown);
    if (start < 0) {
      start = search.findRun(chunks, align, origin, lo, hi, topDown);
    }
    if (start < 0) {
      return false;
    }
    takeExactly(start, chunks);
    return true;
  }

  /**
   * Takes {@code chunks} in runs that start at multiples of {@code align} counted from {@code
   * origin} and go on to where the free space ends, lowest first. False if that is not enough.
   */
  boolean takeAlignedRuns(int chunks, long align, long origin, int lo, int hi) {
    count = 0;
    int left = chunks;
    for (int at = lo; left > 0; ) {
      int start = search.findRun(1, align, origin, at, hi, false);
      if (start < 0) {
        giveBack();
        return false;
      }
      at = Math.min(search.runEnd(start, hi), hi);
      int take = Math.min(left, at - start);
      takeExactly(start, take);
      left -= take;
    }
    return true;
  }

  /** Takes {@code [start, start + chunks)} if all of it is free. */
  boolean takeRange(int start, int chunks) {
    count = 0;
    if (search.findRun(chunks, 1, 0, start, start + chunks, false) != start) {
      return false;
    }
    takeExactly(start, chunks);
    return true;
  }

  /**
   * Takes {@code chunks}, a multiple of {@code 2^minOrder}, in blocks of at least that order. Where
   * no free block is left that is large enough, cleared and dirty neighbours are joined to one of
   * {@code minOrder}, which counts as dirty. False, with nothing taken, if that is not enough.
   */
  boolean takeBlocks(int chunks, int minOrder, int kind, int lo, int hi, boolean topDown) {
    int left = fill(chunks, -(1 << minOrder), 0, kind, lo, hi, topDown);
    return takeMixed(left, minOrder, lo, hi, topDown);
  }

  private boolean takeMixed(int chunks, int minOrder, int lo, int hi, boolean topDown) {
    for (int left = chunks; left > 0; left -= 1 << minOrder) {
      int start = findMixed(minOrder, lo, hi, topDown);
      if (start < 0) {
        giveBack();
        return false;
      }
      takeExactly(start, 1 << minOrder);
      mixedFrom = start + (1 << minOrder);
    }
    fuse(minOrder);
    return true;
  }

  /** Bottom up, goes on where the last search ended: one walk serves many requests. */
  private int findMixed(int minOrder, int lo, int hi, boolean topDown) {
    int chunks = 1 << minOrder;
    if (!topDown && mixedFrom > lo && mixedFrom < hi) {
      int start = search.findRun(chunks, chunks, 0, mixedFrom, hi, false);
      if (start >= 0) {
        return start;
      }
    }
    return search.findRun(chunks, chunks, 0, lo, hi, topDown);
  }

  /** Makes one block of every 2^minOrder chunks that were taken in pieces. */
  private void fuse(int minOrder) {
    int pieces = count;
    count = 0;
    for (int index = 0; index < pieces; ) {
      int head = heads[index];
      int end = head + (1 << Math.max(minOrder, blocks.order(head)));
      while (index < pieces && heads[index] >= head && heads[index] < end) {
        index++;
      }
      if (blocks.order(head) < minOrder) {
        blocks.fuse(head, minOrder);
      }
      heads[count++] = head;
    }
  }

  /** Gives back the last {@code chunks} of the last block taken. */
  void dropTail(int chunks) {
    if (chunks == 0) {
      return;
    }
    int head = heads[--count];
    int kept = (1 << blocks.order(head)) - chunks;
    blocks.release(head, blocks.kind(head));
    takeExactly(head, kept);
  }

  /** Keeps {@code [start, start + chunks)} of the allocated block at {@code head}. */
  void trim(int head, int start, int chunks) {
    count = 0;
    blocks.release(head, blocks.kind(head));
    takeExactly(start, chunks);
  }

  private int insideBlock(int kind, int chunks, long align, int lo, int hi, boolean topDown) {
    int order = Integer.SIZE - Integer.numberOfLeadingZeros(chunks - 1);
    int alignOrder = Long.numberOfTrailingZeros(align);
    if (order > blocks.maxOrder() || alignOrder > blocks.maxOrder()) {
      return BuddySearch.NONE;
    }
    int target = pick(kind, order, alignOrder, lo, hi, topDown);
    return target >= 0 && topDown ? (target + (1 << order) - chunks) & -(1 << alignOrder) : target;
  }

  private int pick(int kind, int order, int alignOrder, int lo, int hi, boolean topDown) {
    int target = pickOfKind(kind, order, alignOrder, lo, hi, topDown);
    return target >= 0 ? target : pickOfKind(1 - kind, order, alignOrder, lo, hi, topDown);
  }

  private int pickOfKind(int kind, int order, int alignOrder, int lo, int hi, boolean topDown) {
    if (blocks.ordersWithFree(kind) >>> order == 0) {
      return BuddySearch.NONE;
    }
    if (scatter != null && !topDown) {
      int from = scatter.nextInt(lo, hi);
      int target = search.find(kind, order, alignOrder, from, hi, false);
      if (target >= 0) {
        return target;
      }
    }
    return search.find(kind, order, alignOrder, lo, hi, topDown);
  }

  private void takeExactly(int start, int chunks) {
    int end = start + chunks;
    for (int at = start; at < end; ) {
      int head = blocks.headOf(at);
      int limit = blocks.order(head);
      int order = BuddyBlocks.largestOrder(at, end - at, limit);
      take(at, order);
      at += 1 << order;
    }
  }

  private void take(int target, int order) {
    boolean continues = count > 0 && blocks.endOf(heads[count - 1]) == target;
    blocks.claim(target, order, continues);
    remember(target);
  }

  private void remember(int head) {
    if (count == heads.length) {
      heads = Arrays.copyOf(heads, count * 2);
    }
    heads[count++] = head;
  }

  private void giveBack() {
    while (count > 0) {
      int head = heads[--count];
      blocks.release(head, blocks.kind(head));
    }
  }
}
