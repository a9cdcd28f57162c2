package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * The tables of a page table: 512 entries each in one {@code long[]}, with the number of present
 * entries and the place of the entry that points at them. An entry is zero, a leaf (frame and
 * access) or a pointer. Not thread-safe; owned by its page table.
 */
final class TableStore {
  /*
   * A table that becomes empty is unlinked at once: no walk finds its entries, so they need not be
   * zeroed (an unmap's invalidation drops what a device remembers of the way, as of the leaves). Those that are not lie in its stale range and are overwritten or zeroed when the table
   * serves again. It then goes to the free tables with those of its parents that it leaves empty,
   * except the leaf table used last, the cursor: that one is parked, still counted by its parents,
   * so that a map after an unmap of the same place is one store to link it again. Whatever the
   * parked table is in the way of drops it first: a large leaf in its place, a want of tables, the
   * next cursor.
   */
  static final int FANOUT_SHIFT = 9;
  static final int FANOUT = 1 << FANOUT_SHIFT;
  static final long INDEX_MASK = FANOUT - 1L;
  static final int ENTRY_SHIFT = 12;
  static final int ROOT = 0;
  static final int NONE = -1;

  /** What {@link #descend} and {@link #leafTable} return where a large leaf is in the way. */
  static final int TAKEN = -2;

  /** In bits 2 up, where a leaf has frame bits from 12 only: marks a pointer. */
  private static final long POINTER = 4;

  /** A count of entries, 0 to 512. */
  private static final int COUNT_BITS = 10;

  private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

  private final int levels;
  private final int tablesMax;

  long[] entries = new long[4 * FANOUT];

  /** Pages that translate; counted by those who write and erase leaves. */
  long mappedPages;

  private final Occupancy occupied = new Occupancy(4 * FANOUT);

  /** Present entries of each table. */
  private int[] present = new int[4];

  /** Index of the entry that points at a table; in a freed table the next freed one. */
  private int[] parentSlots = new int[4];

  /** Of an empty table: index and count of the entries that need not be zero, as {@link #range}. */
  private int[] stale = new int[4];

  private int tables = 1;
  private int freeTables = NONE;
  private int freed;

  /** The leaf table used last and the 2 MiB granule it serves; granule -1 is none. */
  private long cursorGranule = NONE;

  private int cursorTable;

  TableStore(int levels, int tablesMax) {
    this.levels = levels;
    this.tablesMax = tablesMax;
  }

  /** Tables of which some entry is present, and the root. */
  int inUse() {
    return tables - freed - idle();
  }

  /** The parked table and those parents that exist for it alone. */
  private int idle() {
    int count = 0;
    if (cursorGranule != NONE && present[cursorTable] == 0) {
      int at = cursorTable;
      do {
        count++;
        at = parentSlots[at] >>> FANOUT_SHIFT;
      } while (at != ROOT && present[at] == 1);
    }
    return count;
  }

  static boolean isPointer(long entry) {
    return (entry & POINTER) != 0;
  }

  static int target(long entry) {
    return (int) (entry >>> ENTRY_SHIFT);
  }

  static int index(long iova, int level) {
    return (int) ((iova >>> (level * FANOUT_SHIFT)) & INDEX_MASK);
  }

  static int slot(int table, long iova, int level) {
    return (table << FANOUT_SHIFT) + index(iova, level);
  }

  /** The leaf table of {@code iova} when it is the one used last, else {@link #NONE}. */
  int cursor(long iova) {
    return iova >>> FANOUT_SHIFT == cursorGranule ? cursorTable : NONE;
  }

  /**
   * The leaf table of {@code iova}, made if absent and then empty; NONE without a table, or {@link
   * #TAKEN}. An empty one must be {@link #claim claimed} before anything else happens.
   */
  int leafTable(long iova) {
    if (iova >>> FANOUT_SHIFT == cursorGranule) {
      return cursorTable;
    }
    int table = descend(iova, 0);
    if (table > ROOT) {
      dropParked();
      cursorGranule = iova >>> FANOUT_SHIFT;
      cursorTable = table;
    }
    return table;
  }

  /** Counts {@code count} new entries from {@code slot} on, which the caller now writes. */
  void claim(int table, int slot, int count) {
    if (present[table] == 0 && table != ROOT) {
      entries[parentSlots[table]] = pointerTo(table);
      if (stale[table] != range(slot, count)) {
        zeroStale(table, slot, slot + count);
      }
    }
    present[table] += count;
    occupied.set(slot, count);
  }

  private static long pointerTo(int table) {
    return ((long) table << ENTRY_SHIFT) | POINTER;
  }

  private static int range(int slot, int count) {
    return (slot & (FANOUT - 1)) << COUNT_BITS | count;
  }

  /** Zeroes the stale entries except those of [from, to). */
  private void zeroStale(int table, int from, int to) {
    int start = (table << FANOUT_SHIFT) + (stale[table] >>> COUNT_BITS);
    int end = start + (stale[table] & COUNT_MASK);
    if (start < from) {
      Arrays.fill(entries, start, Math.min(end, from), 0);
    }
    if (end > to) {
      Arrays.fill(entries, Math.max(start, to), end, 0);
    }
  }

  /** Removes {@code removed} present entries, all those of {@code count} slots. */
  void clear(int table, int slot, int count, int removed) {
    present[table] -= removed;
    occupied.clear(slot, count);
    if (present[table] > 0 || table == ROOT) {
      zero(slot, count);
      return;
    }
    stale[table] = range(slot, count);
    if (table == cursorTable && cursorGranule != NONE) {
      entries[parentSlots[table]] = 0;
    } else {
      prune(table);
    }
  }

  private void zero(int slot, int count) {
    if (count == 1) {
      entries[slot] = 0;
    } else {
      Arrays.fill(entries, slot, slot + count, 0);
    }
  }

  /**
   * The table of {@code level} on the way to {@code iova}, made if absent; NONE without a table, or
   * {@link #TAKEN}, and nothing changed. Does not find the parked table.
   */
  int descend(long iova, int level) {
    int table = walk(iova, level);
    if (table == NONE && dropParked()) {
      table = walk(iova, level);
    }
    return table;
  }

  private int walk(long iova, int level) {
    int table = ROOT;
    for (int at = levels - 1; at > level; at--) {
      int slot = slot(table, iova, at);
      long entry = entries[slot];
      if (entry != 0 && !isPointer(entry)) {
        return TAKEN;
      }
      int next = entry == 0 ? add(table, slot, at == 1) : target(entry);
      if (next == NONE) {
        prune(table);
        return NONE;
      }
      table = next;
    }
    return table;
  }

  /** Hangs a new empty table at an empty entry of {@code parent}; NONE when there is none left. */
  private int add(int parent, int slot, boolean leaves) {
    int table = freeTables;
    if (table != NONE) {
      freeTables = parentSlots[table];
      freed--;
      if (!leaves) {
        zeroStale(table, 0, 0);
        stale[table] = 0;
      }
    } else if (tables < tablesMax) {
      table = tables++;
      if (tables > present.length) {
        grow();
      }
    } else {
      return NONE;
    }
    parentSlots[table] = slot;
    entries[slot] = pointerTo(table);
    present[parent]++;
    occupied.set(slot, 1);
    return table;
  }

  private void grow() {
    entries = Arrays.copyOf(entries, entries.length * 2);
    occupied.grow(entries.length);
    present = Arrays.copyOf(present, present.length * 2);
    parentSlots = Arrays.copyOf(parentSlots, present.length);
    stale = Arrays.copyOf(stale, present.length);
  }

  /** Frees {@code table} and its parents as far as they are empty; the root stays. */
  private void prune(int table) {
    int at = table;
    while (at != ROOT && present[at] == 0) {
      int slot = parentSlots[at];
      entries[slot] = 0;
      occupied.clear(slot, 1);
      parentSlots[at] = freeTables;
      freeTables = at;
      freed++;
      at = slot >>> FANOUT_SHIFT;
      present[at]--;
    }
  }

  /** Frees the parked table, if any, with the parents that it leaves empty. */
  boolean dropParked() {
    if (cursorGranule == NONE || present[cursorTable] != 0) {
      return false;
    }
    cursorGranule = NONE;
    prune(cursorTable);
    return true;
  }

  boolean anyPresent(int slot, int count) {
    return occupied.any(slot, count);
  }

  int presentIn(int slot, int count) {
    return occupied.count(slot, count);
  }
}
