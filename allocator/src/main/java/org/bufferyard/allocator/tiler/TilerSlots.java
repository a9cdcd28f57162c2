package org.bufferyard.allocator.tiler;

import java.util.BitSet;

/** Which slots of a container are taken. Not thread-safe; owned by the container. */
final class TilerSlots {
  private final int width;
  private final int height;
  private final BitSet taken;

  TilerSlots(int width, int height) {
    this.width = width;
    this.height = height;
    taken = new BitSet(width * height);
  }

  int free() {
    return width * height - taken.cardinality();
  }

  /** The first slot, row by row, of a free rectangle; -1 if there is none. */
  int findRectangle(int columns, int rows) {
    for (int y = 0; y + rows <= height; y++) {
      int x = 0;
      while (x + columns <= width) {
        int blocked = lastTaken(x, y, columns, rows);
        if (blocked < 0) {
          return y * width + x;
        }
        x = blocked + 1;
      }
    }
    return -1;
  }

  /** The rightmost taken column of the rectangle; -1 if it is free. */
  private int lastTaken(int x, int y, int columns, int rows) {
    int last = -1;
    for (int row = y; row < y + rows; row++) {
      int slot = taken.previousSetBit(row * width + x + columns - 1);
      if (slot >= row * width + x) {
        last = Math.max(last, slot - row * width);
      }
    }
    return last;
  }

  /** The first slot of the last free run of {@code count}, across rows; -1 if there is none. */
  int findRunFromEnd(int count) {
    int end = width * height;
    while (end >= count) {
      int blocked = taken.previousSetBit(end - 1);
      if (end - 1 - blocked >= count) {
        return end - count;
      }
      end = blocked;
    }
    return -1;
  }

  void mark(int first, int columns, int rows, boolean value) {
    for (int row = 0; row < rows; row++) {
      markRun(first + row * width, columns, value);
    }
  }

  void markRun(int first, int count, boolean value) {
    taken.set(first, first + count, value);
  }
}
