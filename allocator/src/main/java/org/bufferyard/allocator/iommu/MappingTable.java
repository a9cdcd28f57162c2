package org.bufferyard.allocator.iommu;

/**
 * The live mappings of a domain by first IOVA page: an open-addressing table, at most half full,
 * with linear probing and removal by moving later entries up. Not thread-safe; owned by its domain.
 */
final class MappingTable {
  static final int ABSENT = -1;

  private static final int ACCESS = 3;
  private static final int FULL = 4;
  private static final int EXACT = 8;
  private static final int PAGES_SHIFT = 4;

  /**
   * Two cells a slot, side by side: first IOVA page, and pages with flags below. Page 0, which is
   * never handed out, is an empty slot.
   */
  private long[] cells = new long[2 * 64];

  private int slotMask = 63;
  private int size;

  int size() {
    return size;
  }

  /** The slot of the mapping that starts at page {@code iova}, or {@link #ABSENT}. */
  int find(long iova) {
    int slot = home(iova);
    while (cells[2 * slot] != 0) {
      if (cells[2 * slot] == iova) {
        return slot;
      }
      slot = next(slot);
    }
    return ABSENT;
  }

  /**
   * Adds a mapping that is not in the table.
   *
   * @param full it has no holes
   * @param exact it took just its pages, not as many as {@link IovaAllocator#reservedPages}
   */
  void add(long iova, long mappedPages, long access, boolean full, boolean exact) {
    if (2 * (size + 1) > slotMask + 1) {
      grow();
    }
    put(iova, mappedPages << PAGES_SHIFT | access | (full ? FULL : 0) | (exact ? EXACT : 0));
    size++;
  }

  private void put(long iova, long rest) {
    int slot = home(iova);
    while (cells[2 * slot] != 0) {
      slot = next(slot);
    }
    cells[2 * slot] = iova;
    cells[2 * slot + 1] = rest;
  }

  long iova(int slot) {
    return cells[2 * slot];
  }

  /** Pages from the first mapped to the last, holes included. */
  long pages(int slot) {
    return cells[2 * slot + 1] >>> PAGES_SHIFT;
  }

  /** Pages of IOVA that it took. */
  long reserved(int slot) {
    boolean exact = (cells[2 * slot + 1] & EXACT) != 0;
    return exact ? pages(slot) : IovaAllocator.reservedPages(pages(slot));
  }

  long access(int slot) {
    return cells[2 * slot + 1] & ACCESS;
  }

  /** Every page from the first to the last is mapped. */
  boolean full(int slot) {
    return (cells[2 * slot + 1] & FULL) != 0;
  }

  int slots() {
    return slotMask + 1;
  }

  void remove(int slot) {
    int hole = slot;
    for (int at = next(slot); cells[2 * at] != 0; at = next(at)) {
      int distance = (at - home(cells[2 * at])) & slotMask;
      if (distance >= ((at - hole) & slotMask)) {
        cells[2 * hole] = cells[2 * at];
        cells[2 * hole + 1] = cells[2 * at + 1];
        hole = at;
      }
    }
    cells[2 * hole] = 0;
    size--;
  }

  private void grow() {
    long[] old = cells;
    cells = new long[2 * old.length];
    slotMask = old.length - 1;
    for (int cell = 0; cell < old.length; cell += 2) {
      if (old[cell] != 0) {
        put(old[cell], old[cell + 1]);
      }
    }
  }

  private int home(long iova) {
    return (int) ((iova * 0x9E37_79B9_7F4A_7C15L) >>> 32) & slotMask;
  }

  private int next(int slot) {
    return (slot + 1) & slotMask;
  }
}
