package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * The live mappings of a domain by first IOVA page: an open-addressing table of primitive columns,
 * at most half full, with linear probing and removal by moving later entries up. Not thread-safe;
 * owned by its domain.
 */
final class MappingTable {
  static final int ABSENT = -1;

  private static final long FULL = 4;

  /** First IOVA pages; 0, which is never handed out, is an empty slot. */
  private long[] iovas = new long[64];

  private long[] pages = new long[64];
  private long[] reserved = new long[64];
  private byte[] accesses = new byte[64];
  private int size;

  int size() {
    return size;
  }

  /** The slot of the mapping that starts at page {@code iova}, or {@link #ABSENT}. */
  int find(long iova) {
    int slot = home(iova);
    while (iovas[slot] != 0) {
      if (iovas[slot] == iova) {
        return slot;
      }
      slot = next(slot);
    }
    return ABSENT;
  }

  /** Adds a mapping that is not in the table; {@code full}: it has no holes. */
  void add(long iova, long mappedPages, long reservedPages, long access, boolean full) {
    if (2 * (size + 1) > iovas.length) {
      grow();
    }
    int slot = home(iova);
    while (iovas[slot] != 0) {
      slot = next(slot);
    }
    iovas[slot] = iova;
    pages[slot] = mappedPages;
    reserved[slot] = reservedPages;
    accesses[slot] = (byte) (full ? access | FULL : access);
    size++;
  }

  long iova(int slot) {
    return iovas[slot];
  }

  /** Pages from the first mapped to the last, holes included. */
  long pages(int slot) {
    return pages[slot];
  }

  long reserved(int slot) {
    return reserved[slot];
  }

  long access(int slot) {
    return accesses[slot] & ~FULL;
  }

  /** Every page from the first to the last is mapped. */
  boolean full(int slot) {
    return (accesses[slot] & FULL) != 0;
  }

  int slots() {
    return iovas.length;
  }

  void remove(int slot) {
    int hole = slot;
    for (int at = next(slot); iovas[at] != 0; at = next(at)) {
      int distance = (at - home(iovas[at])) & (iovas.length - 1);
      if (distance >= ((at - hole) & (iovas.length - 1))) {
        move(at, hole);
        hole = at;
      }
    }
    iovas[hole] = 0;
    size--;
  }

  private void move(int from, int to) {
    iovas[to] = iovas[from];
    pages[to] = pages[from];
    reserved[to] = reserved[from];
    accesses[to] = accesses[from];
  }

  private void grow() {
    long[] oldIovas = iovas;
    long[] oldPages = pages;
    long[] oldReserved = reserved;
    byte[] oldAccesses = accesses;
    iovas = new long[oldIovas.length * 2];
    pages = Arrays.copyOf(oldPages, iovas.length);
    reserved = Arrays.copyOf(oldReserved, iovas.length);
    accesses = Arrays.copyOf(oldAccesses, iovas.length);
    size = 0;
    for (int slot = 0; slot < oldIovas.length; slot++) {
      if (oldIovas[slot] != 0) {
        add(oldIovas[slot], oldPages[slot], oldReserved[slot], oldAccesses[slot], false);
      }
    }
  }

  private int home(long iova) {
    long hash = iova * 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> 32) & (iovas.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (iovas.length - 1);
  }
}
