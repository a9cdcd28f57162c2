package org.bufferyard.allocator.policy.shadow;

import java.util.Arrays;

/**
 * Dense ids for sparse keys, at most {@code max} at once; the id of a key that is gone is given to
 * another. Open addressing, linear probing, at most half full. Not thread-safe; up to 36 bytes per
 * id.
 */
public final class DenseIds {
  /** No id. */
  public static final int NONE = -1;

  private final int max;
  private long[] keys = new long[64];

  /** Id + 1 of the key in the same place; 0: empty. */
  private int[] ids = new int[64];

  private int[] free = new int[16];
  private int freeCount;
  private int bound;
  private int size;

  /** No keys yet. */
  public DenseIds(int max) {
    this.max = max;
  }

  /** All ids given so far are below. */
  int bound() {
    return bound;
  }

  /** The id of {@code key}, or {@link #NONE}. */
  public int find(long key) {
    return ids[place(key)] - 1;
  }

  /** The id of {@code key}, a new one where it has none; {@link #NONE} where all are taken. */
  public int bind(long key) {
    int at = place(key);
    if (ids[at] != 0) {
      return ids[at] - 1;
    }
    if (size == max) {
      return NONE;
    }
    int id = freeCount > 0 ? free[--freeCount] : bound++;
    keys[at] = key;
    ids[at] = id + 1;
    if (2 * ++size > keys.length) {
      grow();
    }
    return id;
  }

  /** Takes {@code key} out; returns the id it had, or {@link #NONE}. */
  public int release(long key) {
    int at = place(key);
    int id = ids[at] - 1;
    if (id == NONE) {
      return NONE;
    }
    close(at);
    size--;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = id;
    return id;
  }

  /** Moves back what stands behind {@code hole} and would no longer be found. */
  private void close(int hole) {
    int mask = keys.length - 1;
    int empty = hole;
    for (int at = (hole + 1) & mask; ids[at] != 0; at = (at + 1) & mask) {
      int home = home(keys[at], mask);
      if (((at - home) & mask) >= ((at - empty) & mask)) {
        keys[empty] = keys[at];
        ids[empty] = ids[at];
        empty = at;
      }
    }
    ids[empty] = 0;
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int at = home(key, mask);
    while (ids[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int home(long key, int mask) {
    long mixed = key * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32) & mask;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldIds = ids;
    keys = new long[2 * oldKeys.length];
    ids = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldIds[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        ids[at] = oldIds[i];
      }
    }
  }
}
