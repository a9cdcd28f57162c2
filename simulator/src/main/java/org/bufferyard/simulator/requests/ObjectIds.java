package org.bufferyard.simulator.requests;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Dense ids for the objects of a trace, in order of first request, and their sizes in bytes: 1
 * until one has another. Some 30 bytes per object with a number for a key. Not thread-safe.
 */
final class ObjectIds {
  /** What {@link #add} answers where the limit on objects is reached. */
  static final int FULL = -1;

  private static final int FREE = 0;

  private final int objectsMax;
  private final boolean paired;
  private final Map<String, Integer> named = new LinkedHashMap<>();

  /** Open addressing: {@code id + 1}, at most half full. */
  private int[] slots = new int[1024];

  private long[] keys = new long[1024];
  private long[] sizes = new long[0];
  private int count;

  /** {@code paired}: a key with another size is another object. */
  ObjectIds(int objectsMax, boolean paired) {
    this.objectsMax = objectsMax;
    this.paired = paired;
  }

  int count() {
    return count;
  }

  long size(int id) {
    return id < sizes.length ? sizes[id] : 1;
  }

  /** Whether any object has another size than 1. */
  boolean sized() {
    return sizes.length > 0;
  }

  /** {@code long[count]}. */
  long[] sizes() {
    long[] all = Arrays.copyOf(sizes, count);
    for (int id = Math.min(sizes.length, count); id < count; id++) {
      all[id] = 1;
    }
    return all;
  }

  /** The id of {@code key}, new with {@code size} if it is, or {@link #FULL}. */
  int add(long key, long size) {
    int slot = slot(key, size);
    while (slots[slot] != FREE) {
      int id = slots[slot] - 1;
      if (keys[id] == key && (!paired || size(id) == size)) {
        return id;
      }
      slot = slot + 1 & slots.length - 1;
    }
    if (count >= objectsMax) {
      return FULL;
    }
    slots[slot] = count + 1;
    int id = append(key, size);
    if (2 * (long) count > slots.length) {
      grow();
    }
    return id;
  }

  /** The id of an object with a name; names and numbers do not meet. */
  int add(String name, long size) {
    Integer id = named.get(name);
    if (id != null) {
      return id;
    }
    if (count >= objectsMax) {
      return FULL;
    }
    named.put(name, count);
    return append(0, size);
  }

  private int append(long key, long size) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, grown(count));
    }
    keys[count] = key;
    if (size != 1 || sized()) {
      setSize(count, size);
    }
    return count++;
  }

  private void setSize(int id, long size) {
    if (id >= sizes.length) {
      int before = sizes.length;
      sizes = Arrays.copyOf(sizes, Math.max(keys.length, id + 1));
      Arrays.fill(sizes, before, sizes.length, 1);
    }
    sizes[id] = size;
  }

  private void grow() {
    int[] old = slots;
    slots = new int[grown(old.length)];
    for (int taken : old) {
      if (taken != FREE) {
        int id = taken - 1;
        int slot = slot(keys[id], size(id));
        while (slots[slot] != FREE) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = taken;
      }
    }
  }

  private int slot(long key, long size) {
    long mixed = (paired ? key ^ Long.rotateLeft(size, 40) : key) * 0x9E3779B97F4A7C15L;
    return (int) (mixed ^ mixed >>> 32) & slots.length - 1;
  }

  private static int grown(int length) {
    if (length > 1 << 29) {
      throw new OutOfMemoryError("more than " + length + " objects");
    }
    return 2 * length;
  }
}
