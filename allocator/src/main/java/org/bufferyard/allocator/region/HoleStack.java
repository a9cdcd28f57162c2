package org.bufferyard.allocator.region;

import java.util.Arrays;

/** Slots in order of insertion, newest first. Not thread-safe; owned by one allocator. */
final class HoleStack {
  private static final int NIL = HoleTree.NIL;

  private int[] older = new int[64];
  private int[] newer = new int[64];
  private int first = NIL;

  int first() {
    return first;
  }

  /** The slot pushed before {@code slot}, or NIL. */
  int next(int slot) {
    return older[slot];
  }

  void push(int slot) {
    if (slot >= older.length) {
      int length = Math.max(slot + 1, older.length * 2);
      older = Arrays.copyOf(older, length);
      newer = Arrays.copyOf(newer, length);
    }
    older[slot] = first;
    newer[slot] = NIL;
    if (first != NIL) {
      newer[first] = slot;
    }
    first = slot;
  }

  void remove(int slot) {
    if (newer[slot] == NIL) {
      first = older[slot];
    } else {
      older[newer[slot]] = older[slot];
    }
    if (older[slot] != NIL) {
      newer[older[slot]] = newer[slot];
    }
  }
}
