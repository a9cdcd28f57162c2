package org.bufferyard.allocator.region;

import java.util.Arrays;

/**
 * Holes in order of address or of size, each named by a slot. Not thread-safe; owned by one {@link
 * RangeAllocator}. All operations take logarithmic expected time and allocate only to grow.
 */
final class HoleTree {
  /** No slot. */
  static final int NIL = -1;

  /*
   * A treap in arrays: ordered by (size, start) or by start, heap-ordered by a hash of the slot, so
   * that shape depends on the set of slots alone. largest[s] is the largest size below and at s.
   */
  private final boolean bySize;
  private int[] left = new int[64];
  private int[] right = new int[64];
  private long[] starts = new long[64];
  private long[] sizes = new long[64];
  private long[] largest = new long[64];
  private int root = NIL;

  HoleTree(boolean bySize) {
    this.bySize = bySize;
  }

  long start(int slot) {
    return starts[slot];
  }

  long size(int slot) {
    return sizes[slot];
  }

  long largest() {
    return root == NIL ? 0 : largest[root];
  }

  void add(int slot, long start, long size) {
    grow(slot);
    left[slot] = NIL;
    right[slot] = NIL;
    starts[slot] = start;
    sizes[slot] = size;
    largest[slot] = size;
    root = add(root, slot);
  }

  /** Removes a slot that is in the tree. */
  void remove(int slot) {
    root = remove(root, slot);
  }

  /** The first hole, in the tree's order, that is not before {@code (size, start)}. */
  int ceiling(long size, long start) {
    int found = NIL;
    for (int at = root; at != NIL; ) {
      if (compare(at, size, start) >= 0) {
        found = at;
        at = left[at];
      } else {
        at = right[at];
      }
    }
    return found;
  }

  /** The lowest hole that starts at or above {@code from} and holds {@code size}; by address. */
  int nextFit(long from, long size) {
    return nextFit(root, from, size);
  }

  /** The highest hole that starts at or below {@code from} and holds {@code size}; by address. */
  int previousFit(long from, long size) {
    return previousFit(root, from, size);
  }

  private int nextFit(int at, long from, long size) {
    if (at == NIL || largest[at] < size) {
      return NIL;
    }
    if (starts[at] < from) {
      return nextFit(right[at], from, size);
    }
    int below = nextFit(left[at], from, size);
    if (below != NIL) {
      return below;
    }
    return sizes[at] >= size ? at : nextFit(right[at], from, size);
  }

  private int previousFit(int at, long from, long size) {
    if (at == NIL || largest[at] < size) {
      return NIL;
    }
    if (starts[at] > from) {
      return previousFit(left[at], from, size);
    }
    int above = previousFit(right[at], from, size);
    if (above != NIL) {
      return above;
    }
    return sizes[at] >= size ? at : previousFit(left[at], from, size);
  }

  private int compare(int at, long size, long start) {
    int order = bySize ? Long.compare(sizes[at], size) : 0;
    return order != 0 ? order : Long.compare(starts[at], start);
  }

  private int add(int at, int slot) {
    if (at == NIL) {
      return slot;
    }
    if (compare(at, sizes[slot], starts[slot]) > 0) {
      left[at] = add(left[at], slot);
      return weigh(priority(left[at]) > priority(at) ? liftLeft(at) : at);
    }
    right[at] = add(right[at], slot);
    return weigh(priority(right[at]) > priority(at) ? liftRight(at) : at);
  }

  private int remove(int at, int slot) {
    if (at == slot) {
      return join(left[at], right[at]);
    }
    if (compare(at, sizes[slot], starts[slot]) > 0) {
      left[at] = remove(left[at], slot);
    } else {
      right[at] = remove(right[at], slot);
    }
    return weigh(at);
  }

  private int join(int low, int high) {
    if (low == NIL || high == NIL) {
      return low == NIL ? high : low;
    }
    if (priority(low) > priority(high)) {
      right[low] = join(right[low], high);
      return weigh(low);
    }
    left[high] = join(low, left[high]);
    return weigh(high);
  }

  private int liftLeft(int at) {
    int top = left[at];
    left[at] = right[top];
    right[top] = weigh(at);
    return top;
  }

  private int liftRight(int at) {
    int top = right[at];
    right[at] = left[top];
    left[top] = weigh(at);
    return top;
  }

  private int weigh(int at) {
    long most = sizes[at];
    most = left[at] == NIL ? most : Math.max(most, largest[left[at]]);
    largest[at] = right[at] == NIL ? most : Math.max(most, largest[right[at]]);
    return at;
  }

  /** A mixing of the slot number's bits (the finalizer of MurmurHash3). */
  private static int priority(int slot) {
    int hash = slot + 1;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private void grow(int slot) {
    if (slot >= left.length) {
      int length = Math.max(slot + 1, left.length * 2);
      left = Arrays.copyOf(left, length);
      right = Arrays.copyOf(right, length);
      starts = Arrays.copyOf(starts, length);
      sizes = Arrays.copyOf(sizes, length);
      largest = Arrays.copyOf(largest, length);
    }
  }
}
