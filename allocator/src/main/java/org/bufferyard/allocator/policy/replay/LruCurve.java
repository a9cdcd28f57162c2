package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The misses of lru at every capacity, from one pass over requests for objects of size 1: a request
 * hits wherever the capacity reaches its object's depth in the order of last use. Mattson et al.,
 * IBM Systems Journal 1970. Logarithmic time a request; 24 to 32 bytes per object, none per
 * request. Not thread-safe.
 *
 * <p>A freed object leaves a <em>hole</em> at its depth, for a cache that held it has room since.
 * The next object to be used takes the hole nearest to the top and leaves its own place as one, if
 * it lay deeper: below it nothing moved.
 */
public final class LruCurve {
  /*
   * Last uses lie on an axis of slots, newer to the right; a Fenwick tree counts the taken ones.
   * The depth of a slot is the number of taken slots from it to the right end. When the axis is
   * full the taken slots are packed to its left.
   */
  private static final int NOWHERE = -1;
  private static final int HOLE = -1;

  private final int[] slotOf;
  private final int[] objectAt;
  private final int[] tree;
  private final PriorityQueue<Integer> holes =
      new PriorityQueue<>((one, other) -> Integer.compare(other, one));
  private final long[] hitsAtDepth;
  private int end;
  private int taken;
  private long requests;

  /** Ids are below {@code objects}. */
  public LruCurve(int objects) {
    slotOf = new int[objects];
    Arrays.fill(slotOf, NOWHERE);
    objectAt = new int[(int) Math.min(Integer.MAX_VALUE - 8, 2L * objects + 2)];
    tree = new int[objectAt.length + 1];
    hitsAtDepth = new long[objects + 2];
  }

  /** The entries {@code [from, to)}: ids, or {@code ~id} where that object is freed. */
  public void add(int[] entries, int from, int to) {
    for (int at = from; at < to; at++) {
      if (entries[at] < 0) {
        free(~entries[at]);
      } else {
        use(entries[at]);
      }
    }
  }

  private void use(int id) {
    requests++;
    int slot = slotOf[id];
    Integer hole = holes.peek();
    if (slot != NOWHERE) {
      hitsAtDepth[Math.min(depth(slot), hitsAtDepth.length - 1)]++;
    }
    if (hole != null && hole > slot) {
      holes.remove();
      vacate(hole);
      if (slot != NOWHERE) {
        leaveHole(slot);
      }
    } else if (slot != NOWHERE) {
      vacate(slot);
    }
    push(id);
  }

  private void free(int id) {
    int slot = slotOf[id];
    if (slot != NOWHERE) {
      slotOf[id] = NOWHERE;
      leaveHole(slot);
    }
  }

  private void leaveHole(int slot) {
    objectAt[slot] = HOLE;
    holes.add(slot);
  }

  private void push(int id) {
    if (end == objectAt.length) {
      pack();
    }
    slotOf[id] = end;
    objectAt[end] = id;
    count(end, 1);
    taken++;
    end++;
  }

  private void vacate(int slot) {
    objectAt[slot] = HOLE;
    count(slot, -1);
    taken--;
  }

  /** Taken slots from {@code slot} to the right end, itself included. */
  private int depth(int slot) {
    int left = 0;
    for (int at = slot; at > 0; at -= at & -at) {
      left += tree[at];
    }
    return taken - left;
  }

  private void count(int slot, int by) {
    for (int at = slot + 1; at < tree.length; at += at & -at) {
      tree[at] += by;
    }
  }

  /** Empty slots go; taken ones keep their order. Leaves at least half of the axis free. */
  private void pack() {
    int old = end;
    Arrays.fill(tree, 0);
    end = 0;
    boolean[] kept = new boolean[old];
    for (int hole : holes) {
      kept[hole] = true;
    }
    holes.clear();
    for (int slot = 0; slot < old; slot++) {
      int id = objectAt[slot];
      if (id != HOLE || kept[slot]) {
        objectAt[end] = id;
        if (id == HOLE) {
          holes.add(end);
        } else {
          slotOf[id] = end;
        }
        count(end, 1);
        end++;
      }
    }
  }

  public long requests() {
    return requests;
  }

  /** {@code long[objects + 1]}: the misses at each capacity, in objects; at 0 all requests. */
  public long[] misses() {
    long[] misses = new long[hitsAtDepth.length - 1];
    long left = requests;
    for (int capacity = 0; capacity < misses.length; capacity++) {
      left -= hitsAtDepth[capacity];
      misses[capacity] = left;
    }
    return misses;
  }
}
