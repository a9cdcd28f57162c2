package org.bufferyard.allocator.region;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Extents;
import org.jspecify.annotations.Nullable;

/**
 * Allocations and frees made of several buddy blocks, each whole or not at all. Not thread-safe;
 * owned with the blocks. The blocks of the last successful claim are in {@link #head} until the
 * next one; nothing is allocated in steady state.
 */
final class BuddyClaims {
  private static final long WHOLE = Long.MAX_VALUE;

  private final BuddyBlocks blocks;
  private final BuddySearch search;
  private final @Nullable RandomGenerator scatter;
  private int[] heads = new int[64];
  private int count;

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
    count = 0;
    int usable = orders;
    for (int left = chunks; left > 0; ) {
      usable &= (Integer.highestOneBit(left) << 1) - 1;
      if (usable == 0) {
        giveBack();
        return false;
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
    return true;
  }

  /**
   * Takes one run of {@code chunks} at a multiple of {@code align} counted from {@code origin}:
   * inside one block if any is large enough, else across neighbours. False if there is none.
   */
  boolean takeRun(int chunks, long align, long origin, int lo, int hi, boolean topDown) {
    count = 0;
    int start = insideBlock(chunks, align, lo, hi, topDown);
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

  /** One block of {@code order} made of free blocks of both kinds; its contents count as dirty. */
  boolean takeFused(int order, int alignOrder, int lo, int hi, boolean topDown) {
    int keep = count;
    long align = 1L << Math.max(order, alignOrder);
    int start = search.findRun(1 << order, align, 0, lo, hi, topDown);
    if (start < 0) {
      return false;
    }
    takeExactly(start, 1 << order);
    blocks.fuse(start, order);
    count = keep;
    remember(start);
    return true;
  }

  private int insideBlock(int chunks, long align, int lo, int hi, boolean topDown) {
    int order = Integer.SIZE - Integer.numberOfLeadingZeros(chunks - 1);
    int alignOrder = Long.numberOfTrailingZeros(align);
    if (order > blocks.maxOrder() || alignOrder > blocks.maxOrder()) {
      return BuddySearch.NONE;
    }
    int target = pick(BuddyBlocks.DIRTY, order, alignOrder, lo, hi, topDown);
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
    boolean continues = count > 0 && endOf(heads[count - 1]) == target;
    blocks.claim(target, order, continues);
    remember(target);
  }

  private int endOf(int head) {
    return head + (1 << blocks.order(head));
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

  /**
   * Frees the runs of {@code extents}, frames counted from {@code origin}, as {@code kind}. Returns
   * -1, or the frame at which a run is not what was allocated, and then frees nothing.
   */
  long release(Extents extents, long origin, int kind) {
    for (int run = 0; run < extents.runs(); run++) {
      long stop = markRun(extents.pfn(run) - origin, extents.pages(run));
      if (stop != WHOLE) {
        unmark(extents, origin, run, stop);
        return origin + stop;
      }
    }
    unmark(extents, origin, extents.runs(), 0);
    for (int run = 0; run < extents.runs(); run++) {
      int at = (int) (extents.pfn(run) - origin);
      int end = at + (int) extents.pages(run);
      while (at < end) {
        int next = endOf(at);
        blocks.release(at, kind);
        at = next;
      }
    }
    return -1;
  }

  /** Marks the blocks of one run; returns WHOLE, or the chunk where it stopped fitting. */
  private long markRun(long start, long chunks) {
    long end = start + chunks;
    if (start < blocks.first() || end > blocks.end() || !blocks.isHead((int) start)) {
      return start;
    }
    if (blocks.continues((int) start)) {
      return start;
    }
    for (long at = start; at < end; ) {
      int head = (int) at;
      if (blocks.isFree(head) || at + (1L << blocks.order(head)) > end) {
        return at;
      }
      blocks.mark(head);
      at += 1L << blocks.order(head);
    }
    boolean cut = end < blocks.end() && blocks.continues((int) end);
    return cut ? end : WHOLE;
  }

  /**
   * Undoes {@link #markRun} for runs before {@code lastRun}, and of that run up to {@code stop}.
   */
  private void unmark(Extents extents, long origin, int lastRun, long stop) {
    for (int run = 0; run <= lastRun && run < extents.runs(); run++) {
      long at = extents.pfn(run) - origin;
      long end = run < lastRun ? at + extents.pages(run) : stop;
      while (at < end) {
        blocks.unmark((int) at);
        at = endOf((int) at);
      }
    }
  }
}
