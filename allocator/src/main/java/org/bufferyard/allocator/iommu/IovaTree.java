package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * Which pages of an address space are free: a 64-ary tree over page bitmaps that answers "the
 * highest free block of order k below a limit" in one step a level.
 *
 * <p>A node of level L has 64 children of {@code 64^L} pages each (a child of a level-1 node is one
 * word, a bit a page) and keeps, as words with a bit a child: which children are wholly free, and
 * for each order below the child's size which children could serve it. A child that is wholly free
 * or wholly taken needs no node. Not thread-safe; owned by its allocator.
 */
final class IovaTree {
  private static final int FANOUT_SHIFT = 6;

  /** Words of a node: wholly free children, {@code SERVE_MAX} serve words, 64 children. */
  private static final int SERVE = 1;

  private static final int SERVE_MAX = 31;
  private static final int CHILDREN = SERVE + SERVE_MAX;
  private static final int STRIDE = CHILDREN + 64;

  /** Where a fold by g leaves the first bit of each group of {@code 2^g}. */
  private static final long[] GROUP_STARTS = {
    -1L,
    0x5555_5555_5555_5555L,
    0x1111_1111_1111_1111L,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L,
    0x0000_0001_0000_0001L,
    1L
  };

  private final int rootLevel;
  private long[] words = new long[4 * STRIDE];

  /** Largest order each node can serve, -1 when none. */
  private byte[] maxOrders = new byte[4];

  private int nodes;
  private int freeNodes = -1;
  private final int root;
  private final long spacePages;
  private long freePages;

  /** All of {@code 2^pageBits} pages free. */
  IovaTree(int pageBits) {
    rootLevel = Math.max(1, Math.ceilDiv(pageBits, FANOUT_SHIFT) - 1);
    if (rootLevel * FANOUT_SHIFT > SERVE_MAX) {
      throw new IllegalArgumentException("space too wide, pageBits=" + pageBits);
    }
    root = takeNode(rootLevel, true);
    spacePages = 1L << pageBits;
    freePages = spacePages;
    long covered = 1L << ((rootLevel + 1) * FANOUT_SHIFT);
    if (covered > freePages) {
      set(root, rootLevel, freePages, covered - freePages, false);
    }
  }

  long freePages() {
    return freePages;
  }

  long spacePages() {
    return spacePages;
  }

  /**
   * The highest free block of {@code 2^order} pages, aligned to its size, whose last page is at
   * most {@code limit}; -1 when there is none.
   */
  long findTop(int order, long limit) {
    long lastStart = (((limit + 1) >>> order) - 1) << order;
    if (lastStart < 0 || order > (rootLevel + 1) * FANOUT_SHIFT) {
      return -1;
    }
    return find(root, rootLevel, 0, order, lastStart);
  }

  /** All of the range is free. */
  boolean isFree(long start, long pages) {
    return countFree(root, rootLevel, start, pages) == pages;
  }

  /** None of the range is free. */
  boolean isTaken(long start, long pages) {
    return countFree(root, rootLevel, start, pages) == 0;
  }

  /** Takes a range of which every page is free. */
  void take(long start, long pages) {
    assert isFree(start, pages) : "taken twice, start=" + start + ", pages=" + pages;
    set(root, rootLevel, start, pages, false);
    freePages -= pages;
  }

  /** Gives back a range of which no page is free. */
  void release(long start, long pages) {
    assert isTaken(start, pages) : "freed twice, start=" + start + ", pages=" + pages;
    set(root, rootLevel, start, pages, true);
    freePages += pages;
  }

  /** {@code base} is the node's first page; {@code lastStart} lies at or above it. */
  private long find(int node, int level, long base, int order, long lastStart) {
    int childShift = level * FANOUT_SHIFT;
    long bound = Math.min((lastStart - base) >>> childShift, 63);
    if (order >= childShift) {
      long groups = fold(words[node * STRIDE], order - childShift) & upTo(bound);
      return groups == 0 ? -1 : base + ((long) highestBit(groups) << childShift);
    }
    long candidates = words[node * STRIDE + SERVE + order] & upTo(bound);
    while (candidates != 0) {
      int child = highestBit(candidates);
      long found = findInChild(node, level, child, base, order, lastStart);
      if (found >= 0) {
        return found;
      }
      candidates &= ~(1L << child);
    }
    return -1;
  }

  private long findInChild(int node, int level, int child, long base, int order, long lastStart) {
    long childPages = 1L << (level * FANOUT_SHIFT);
    long childBase = base + child * childPages;
    if (((words[node * STRIDE] >>> child) & 1) != 0) {
      return Math.min(lastStart, childBase + childPages - (1L << order));
    }
    long below = words[node * STRIDE + CHILDREN + child];
    if (level > 1) {
      return find((int) below, level - 1, childBase, order, lastStart);
    }
    long bits = fold(below, order) & upTo(Math.min(lastStart - childBase, 63));
    return bits == 0 ? -1 : childBase + highestBit(bits);
  }

  private static int highestBit(long bits) {
    return 63 - Long.numberOfLeadingZeros(bits);
  }

  /** Bits 0 to {@code bit}. */
  private static long upTo(long bit) {
    return -1L >>> (63 - bit);
  }

  /** The first bit of each aligned group of {@code 2^group} bits that are all set. */
  private static long fold(long bits, int group) {
    long folded = bits;
    for (int g = 0; g < group; g++) {
      folded &= folded >>> (1 << g);
    }
    return folded & GROUP_STARTS[group];
  }

  /** Marks pages {@code start} on, counted from the node's first, and keeps the summaries true. */
  private void set(int node, int level, long start, long pages, boolean free) {
    int childShift = level * FANOUT_SHIFT;
    long childPages = 1L << childShift;
    long at = start;
    long end = start + pages;
    while (at < end) {
      int child = (int) (at >>> childShift);
      long stop = Math.min(end, (child + 1L) << childShift);
      if (stop - at == childPages) {
        setWhole(node, level, child, free);
      } else {
        setPart(node, level, child, at & (childPages - 1), stop - at, free);
      }
      at = stop;
    }
    maxOrders[node] = (byte) maxOrder(node, level);
  }

  private void setWhole(int node, int level, int child, boolean free) {
    dropChild(node, level, child);
    words[node * STRIDE + CHILDREN + child] = level > 1 ? 0 : free ? -1L : 0;
    int whole = level * FANOUT_SHIFT;
    summarize(node, level, child, free ? -1 : whole, free ? whole : -1);
  }

  private void setPart(int node, int level, int child, long start, long pages, boolean free) {
    int slot = node * STRIDE + CHILDREN + child;
    if (level == 1) {
      long mask = (-1L >>> (64 - pages)) << start;
      int before = wordOrder(words[slot]);
      words[slot] = free ? words[slot] | mask : words[slot] & ~mask;
      summarize(node, level, child, before, wordOrder(words[slot]));
      return;
    }
    int below = (int) words[slot];
    if (below == 0) {
      below = takeNode(level - 1, ((words[node * STRIDE] >>> child) & 1) != 0);
      words[slot] = below;
    }
    int before = maxOrders[below];
    set(below, level - 1, start, pages, free);
    int order = maxOrders[below];
    summarize(node, level, child, before, order);
    if (order == level * FANOUT_SHIFT) {
      dropChild(node, level, child);
    }
  }

  /** Writes into the node that its child's largest order changed. */
  private void summarize(int node, int level, int child, int before, int after) {
    if (before == after) {
      return;
    }
    int at = node * STRIDE;
    long bit = 1L << child;
    int childOrder = level * FANOUT_SHIFT;
    if (after == childOrder) {
      words[at] |= bit;
    } else if (before == childOrder) {
      words[at] &= ~bit;
    }
    int low = Math.min(before, after) + 1;
    int high = Math.min(Math.max(before, after), childOrder - 1);
    for (int order = low; order <= high; order++) {
      words[at + SERVE + order] ^= bit;
    }
  }

  private int maxOrder(int node, int level) {
    int at = node * STRIDE;
    int childOrder = level * FANOUT_SHIFT;
    if (words[at] != 0) {
      return childOrder + wordOrder(words[at]);
    }
    int k = childOrder - 1;
    while (k >= 0 && words[at + SERVE + k] == 0) {
      k--;
    }
    return k;
  }

  /** The largest aligned group of set bits, as an order, -1 when no bit is set. */
  private static int wordOrder(long bits) {
    int group = FANOUT_SHIFT;
    while (group >= 0 && fold(bits, group) == 0) {
      group--;
    }
    return group;
  }

  private long countFree(int node, int level, long start, long pages) {
    int childShift = level * FANOUT_SHIFT;
    long count = 0;
    long at = start;
    long end = start + pages;
    while (at < end) {
      int child = (int) (at >>> childShift);
      long stop = Math.min(end, (child + 1L) << childShift);
      long inChild = at & ((1L << childShift) - 1);
      long below = words[node * STRIDE + CHILDREN + child];
      if (((words[node * STRIDE] >>> child) & 1) != 0) {
        count += stop - at;
      } else if (level == 1) {
        count += Long.bitCount((below >>> inChild) & (-1L >>> (64 - (stop - at))));
      } else if (below != 0) {
        count += countFree((int) below, level - 1, inChild, stop - at);
      }
      at = stop;
    }
    return count;
  }

  /** A node of level {@code level} whose pages are all free, or all taken. Node 0 is never used. */
  private int takeNode(int level, boolean free) {
    int node = freeNodes;
    if (node >= 0) {
      freeNodes = (int) words[node * STRIDE];
    } else {
      node = ++nodes;
      if (node == maxOrders.length) {
        words = Arrays.copyOf(words, words.length * 2);
        maxOrders = Arrays.copyOf(maxOrders, maxOrders.length * 2);
      }
    }
    int at = node * STRIDE;
    int serving = level * FANOUT_SHIFT;
    Arrays.fill(words, at, at + STRIDE, 0);
    if (free) {
      Arrays.fill(words, at, at + SERVE + serving, -1L);
      Arrays.fill(words, at + CHILDREN, at + STRIDE, level == 1 ? -1L : 0);
    }
    maxOrders[node] = (byte) (free ? serving + FANOUT_SHIFT : -1);
    return node;
  }

  private void dropChild(int node, int level, int child) {
    int slot = node * STRIDE + CHILDREN + child;
    if (level == 1 || words[slot] == 0) {
      return;
    }
    int below = (int) words[slot];
    if (level > 2) {
      for (int grandchild = 0; grandchild < 64; grandchild++) {
        dropChild(below, level - 1, grandchild);
      }
    }
    words[slot] = 0;
    words[below * STRIDE] = freeNodes;
    freeNodes = below;
  }
}
