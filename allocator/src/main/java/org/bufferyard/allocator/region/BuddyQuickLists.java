package org.bufferyard.allocator.region;

import java.util.Arrays;

/**
 * Blocks freed lately, kept whole for the next request of their order: splitting and merging to
 * full depth on every pair of operations is what makes a buddy slow. Not thread-safe; owned with
 * the blocks; allocates nothing once its stacks have grown.
 *
 * <p>A parked block is neither allocated nor found by a search. Whoever finds no room calls {@link
 * #flush} and looks again, so that parking never makes a request fail.
 */
final class BuddyQuickLists {
  private static final int ORDER_MAX = HeldBlocks.ORDER_MAX;

  /** Blocks kept of one order; a block freed beyond that is merged at once. */
  private static final int DEPTH_MAX = 1 << 13;

  private static final int DEPTH_START = 64;

  /** One part in this many of the space may be parked, so that large blocks can still form. */
  private static final int SHARE = 8;

  private final BuddyBlocks blocks;
  private final int[][] parked = new int[ORDER_MAX + 1][DEPTH_START];
  private final int[] depths = new int[ORDER_MAX + 1];
  private final long parkedChunksMax;
  private long parkedChunks;

  BuddyQuickLists(BuddyBlocks blocks) {
    this.blocks = blocks;
    parkedChunksMax = ((long) blocks.end() - blocks.first()) / SHARE;
  }

  long parkedChunks() {
    return parkedChunks;
  }

  /** Parks the allocated block at {@code head}; false if a limit forbids it. */
  boolean park(int head, int order) {
    if (order > ORDER_MAX || parkedChunks + (1L << order) > parkedChunksMax) {
      return false;
    }
    int depth = depths[order];
    if (depth == parked[order].length && !grow(order)) {
      return false;
    }
    blocks.park(head, order);
    parked[order][depth] = head;
    depths[order] = depth + 1;
    parkedChunks += 1L << order;
    return true;
  }

  private boolean grow(int order) {
    int depth = depths[order];
    if (depth == DEPTH_MAX) {
      return false;
    }
    parked[order] = Arrays.copyOf(parked[order], 2 * depth);
    return true;
  }

  /** A parked block of {@code order}, now allocated; -1 if there is none. */
  int take(int order) {
    if (order > ORDER_MAX || depths[order] == 0) {
      return -1;
    }
    int depth = depths[order] - 1;
    depths[order] = depth;
    int head = parked[order][depth];
    blocks.unpark(head, order);
    parkedChunks -= 1L << order;
    return head;
  }

  /** Frees every parked block for good. */
  void flush() {
    for (int order = 0; parkedChunks > 0; order++) {
      for (int head = take(order); head >= 0; head = take(order)) {
        blocks.release(head, BuddyBlocks.DIRTY);
      }
    }
  }
}
