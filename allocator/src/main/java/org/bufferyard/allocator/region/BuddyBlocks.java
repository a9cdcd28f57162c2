package org.bufferyard.allocator.region;

import java.util.Arrays;

/**
 * The blocks of a buddy: which chunk starts a block, its order, and whether it is free. Not
 * thread-safe; owned by one allocator. Allocates nothing after construction.
 *
 * <p>Offsets are chunk indices in {@code [first, end)}; a block of order {@code n} covers {@code
 * 2^n} chunks and starts at a multiple of {@code 2^n}.
 */
final class BuddyBlocks {
  /*
   * One byte per chunk: at a block's first chunk its order plus one and its flags, elsewhere zero.
   * The blocks tile [first, end) without gap or overlap. Free blocks are also members of
   * free[kind][order], by start >> order, so that the lowest or highest one is a few words away.
   * Two free buddies of one kind never exist side by side: release merges them. A cleared and a
   * dirty buddy may. Allocated blocks of the common orders are members of held, unless parked.
   */
  static final int DIRTY = 0;
  static final int CLEARED = 1;
  static final int ORDER_MAX = 30;

  private static final int ORDER_BITS = 0x1f;
  private static final int FREE = 0x20;
  private static final int CLEARED_FLAG = 0x40;
  private static final int CONTINUES = 0x80;
  private static final int ALIGNMENTS = 32;

  private final byte[] heads;
  private final FreeBitmap[][] free;
  private final int[] ordersWithFree = new int[2];
  private final int[][] freeByAlignment;
  private final long[] freeChunks = new long[2];

  private final HeldBlocks held;

  /** Allocated blocks that continue the run of the block before. */
  private int continuing;

  private final int first;
  private final int end;
  private final int maxOrder;

  /** All of {@code [first, end)} free and dirty, in blocks of at most {@code maxOrder}. */
  BuddyBlocks(int first, int end, int maxOrder) {
    this.first = first;
    this.end = end;
    this.maxOrder = maxOrder;
    heads = new byte[end];
    held = new HeldBlocks(end);
    free = new FreeBitmap[2][maxOrder + 1];
    freeByAlignment = new int[2][(maxOrder + 1) * ALIGNMENTS];
    for (int order = 0; order <= maxOrder; order++) {
      free[DIRTY][order] = new FreeBitmap((end >>> order) + 1);
      free[CLEARED][order] = new FreeBitmap((end >>> order) + 1);
    }
    layOut(DIRTY);
  }

  private void layOut(int kind) {
    for (int at = first; at < end; ) {
      int order = largestOrder(at, end - at, maxOrder);
      insert(at, order, kind);
      at += 1 << order;
    }
  }

  /** The order of the largest block that starts at {@code at} and covers at most {@code room}. */
  static int largestOrder(int at, int room, int limit) {
    int byRoom = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(room);
    return Math.min(limit, Math.min(Integer.numberOfTrailingZeros(at), byRoom));
  }

  int first() {
    return first;
  }

  int end() {
    return end;
  }

  int maxOrder() {
    return maxOrder;
  }

  long freeChunks() {
    return freeChunks[DIRTY] + freeChunks[CLEARED];
  }

  long clearedChunks() {
    return freeChunks[CLEARED];
  }

  /** Bit {@code n} set: some block of order {@code n} and this kind is free. */
  int ordersWithFree(int kind) {
    return ordersWithFree[kind];
  }

  FreeBitmap free(int kind, int order) {
    return free[kind][order];
  }

  /** Some free block of {@code order} starts at a multiple of {@code 2^alignOrder}. */
  boolean hasFreeAligned(int kind, int order, int alignOrder) {
    for (int zeros = Math.max(0, alignOrder - order); zeros < ALIGNMENTS; zeros++) {
      if (freeByAlignment[kind][order * ALIGNMENTS + zeros] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a block starts at {@code at}, which may be {@link #end}. */
  boolean isHead(int at) {
    return at == end || heads[at] != 0;
  }

  /** Free for a search; a parked block is not. */
  boolean isFree(int head) {
    return (heads[head] & FREE) != 0;
  }

  /** A caller has it; a parked block nobody has. */
  boolean isAllocated(int head) {
    return !isFree(head)
        && (order(head) > HeldBlocks.ORDER_MAX || held.contains(head, order(head)));
  }

  boolean isCleared(int head) {
    return (heads[head] & CLEARED_FLAG) != 0;
  }

  int kind(int head) {
    return isCleared(head) ? CLEARED : DIRTY;
  }

  int order(int head) {
    return (heads[head] & ORDER_BITS) - 1;
  }

  int endOf(int head) {
    return head + (1 << order(head));
  }

  /** The block at {@code head} is part of the run that the block before it belongs to. */
  boolean continues(int head) {
    return continuing > 0 && (heads[head] & (FREE | CONTINUES)) == CONTINUES;
  }

  /** An allocated block of {@code 2^order} chunks starts at {@code at} and continues no run. */
  boolean isWhole(int at, int order) {
    boolean allocated =
        order <= HeldBlocks.ORDER_MAX
            ? (at & ((1 << order) - 1)) == 0 && held.contains(at, order)
            : order(at) == order && isAllocated(at);
    return allocated && !continues(at);
  }

  /** The start of the block that covers {@code at}, which is in {@code [first, end)}. */
  int headOf(int at) {
    assert at >= first && at < end : at;
    int head = at;
    while (heads[head] == 0) {
      head &= head - 1;
    }
    return head;
  }

  /**
   * Allocates the block of {@code order} at {@code target} out of the free block that covers it,
   * splitting as far as needed. {@code continues} joins it to the run of the block before.
   */
  void claim(int target, int order, boolean continues) {
    int head = headOf(target);
    int kind = kind(head);
    int at = order(head);
    remove(head, at, kind);
    while (at > order) {
      at--;
      int half = head + (1 << at);
      if (target < half) {
        insert(half, at, kind);
      } else {
        insert(head, at, kind);
        head = half;
      }
    }
    heads[head] = (byte) ((order + 1) | flag(kind) | (continues ? CONTINUES : 0));
    continuing += continues ? 1 : 0;
    held.add(head, order);
  }

  /** Frees the allocated block at {@code block}, merging it with free buddies of its kind. */
  void release(int block, int kind) {
    int head = block;
    int order = order(head);
    continuing -= continues(head) ? 1 : 0;
    held.remove(head, order);
    while (order < maxOrder) {
      int buddy = head ^ (1 << order);
      if (buddy >= end || heads[buddy] != freeByte(order, kind)) {
        break;
      }
      remove(buddy, order, kind);
      heads[Math.max(head, buddy)] = 0;
      head = Math.min(head, buddy);
      order++;
    }
    insert(head, order, kind);
  }

  /** Replaces the allocated blocks that tile {@code [head, head + 2^order)} by one dirty block. */
  void fuse(int head, int order) {
    int end = head + (1 << order);
    for (int at = head; at < end; at = endOf(at)) {
      continuing -= continues(at) ? 1 : 0;
      held.remove(at, order(at));
    }
    Arrays.fill(heads, head + 1, end, (byte) 0);
    heads[head] = (byte) (order + 1);
    held.add(head, order);
  }

  /**
   * Marks an allocated block as seen by a free in progress, so that a second look finds it free.
   */
  void mark(int head) {
    heads[head] |= FREE;
  }

  void unmark(int head) {
    heads[head] &= ~FREE;
  }

  /** Sets a held block aside: free to its owner, but not merged, and no search finds it. */
  void park(int head, int order) {
    held.remove(head, order);
  }

  /** The parked block is allocated again, as a run of its own. */
  void unpark(int head, int order) {
    held.add(head, order);
  }

  /** Frees everything. */
  void reset(int kind) {
    for (int head = first; head < end; head = endOf(head)) {
      if (isFree(head)) {
        remove(head, order(head), kind(head));
      }
    }
    Arrays.fill(heads, (byte) 0);
    continuing = 0;
    held.clear();
    layOut(kind);
  }

  /** Every block, lowest first: order, whether it is used, free or cleared, and joined runs. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int head = first; head < end; head = endOf(head)) {
      text.append(continues(head) ? "+" : " ")
          .append(isFree(head) ? "free" : isAllocated(head) ? "used" : "parked")
          .append(isCleared(head) ? " cleared " : " ")
          .append(order(head));
    }
    return text.toString();
  }

  private void insert(int head, int order, int kind) {
    heads[head] = freeByte(order, kind);
    free[kind][order].add(head >>> order);
    freeByAlignment[kind][order * ALIGNMENTS + alignment(head, order)]++;
    ordersWithFree[kind] |= 1 << order;
    freeChunks[kind] += 1L << order;
  }

  private void remove(int head, int order, int kind) {
    FreeBitmap members = free[kind][order];
    members.remove(head >>> order);
    freeByAlignment[kind][order * ALIGNMENTS + alignment(head, order)]--;
    if (members.isEmpty()) {
      ordersWithFree[kind] &= ~(1 << order);
    }
    freeChunks[kind] -= 1L << order;
  }

  private static int alignment(int head, int order) {
    return Math.min(ALIGNMENTS - 1, Integer.numberOfTrailingZeros(head >>> order));
  }

  private static byte freeByte(int order, int kind) {
    return (byte) ((order + 1) | FREE | flag(kind));
  }

  private static int flag(int kind) {
    return kind == CLEARED ? CLEARED_FLAG : 0;
  }
}
