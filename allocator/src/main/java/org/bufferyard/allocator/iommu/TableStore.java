package org.bufferyard.allocator.iommu;

import java.util.Arrays;

/**
 * The tables of a page table: 512 entries each in one {@code long[]}, with the number of present
 * entries and the place of the entry that points at them. An entry is zero, a leaf (frame and
 * access) or a pointer. A table that becomes empty is freed at once, so that a large leaf always
 * finds its entry empty where nothing is mapped. Not thread-safe; owned by its page table.
 */
final class TableStore {
  static final int FANOUT_SHIFT = 9;
  static final int FANOUT = 1 << FANOUT_SHIFT;
  static final long INDEX_MASK = FANOUT - 1L;
  static final int ENTRY_SHIFT = 12;
  static final int ROOT = 0;
  static final int NONE = -1;

  /** In bits 2 up, where a leaf has frame bits from 12 only: marks a pointer. */
  private static final long POINTER = 4;

  private final int tablesMax;

  long[] entries = new long[4 * FANOUT];

  /** Present entries of each table. */
  int[] present = new int[4];

  /** Index of the entry that points at a table; in a freed table the next freed one. */
  private int[] parentSlots = new int[4];

  private int tables = 1;
  private int freeTables = NONE;
  private int freed;

  /** The leaf table used last and the 2 MiB granule it serves; granule -1 is none. */
  private long cursorGranule = NONE;

  private int cursorTable;

  TableStore(int tablesMax) {
    this.tablesMax = tablesMax;
  }

  int inUse() {
    return tables - freed;
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

  void remember(long iova, int table) {
    cursorGranule = iova >>> FANOUT_SHIFT;
    cursorTable = table;
  }

  /** Hangs a new empty table at an empty entry of {@code parent}; NONE when there is none left. */
  int add(int parent, int slot) {
    int table = freeTables;
    if (table != NONE) {
      freeTables = parentSlots[table];
      freed--;
    } else if (tables < tablesMax) {
      table = tables++;
      if (tables > present.length) {
        entries = Arrays.copyOf(entries, entries.length * 2);
        present = Arrays.copyOf(present, present.length * 2);
        parentSlots = Arrays.copyOf(parentSlots, parentSlots.length * 2);
      }
    } else {
      return NONE;
    }
    parentSlots[table] = slot;
    entries[slot] = ((long) table << ENTRY_SHIFT) | POINTER;
    present[parent]++;
    return table;
  }

  /** Frees {@code table} and its parents as far as they are empty; the root stays. */
  void prune(int table) {
    int at = table;
    while (at != ROOT && present[at] == 0) {
      int slot = parentSlots[at];
      entries[slot] = 0;
      parentSlots[at] = freeTables;
      freeTables = at;
      freed++;
      if (at == cursorTable) {
        cursorGranule = NONE;
      }
      at = slot >>> FANOUT_SHIFT;
      present[at]--;
    }
  }

  boolean anyPresent(int table, int slot, int count) {
    return present[table] != 0 && union(entries, slot, count) != 0;
  }

  /** Present entries of a stretch; counted only where the table's own count is no help. */
  int presentIn(int table, int slot, int count) {
    if (count == FANOUT) {
      return present[table];
    }
    if (present[table] == FANOUT) {
      return count;
    }
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += entries[slot + i] != 0 ? 1 : 0;
    }
    return found;
  }

  /** Frames one by one; no check inside, so that C2 makes vector code of it. */
  void fillFrames(int slot, long[] pfns, int from, int count, long access) {
    long[] to = entries;
    for (int i = 0; i < count; i++) {
      to[slot + i] = (pfns[from + i] << ENTRY_SHIFT) | access;
    }
  }

  /** Consecutive frames, the first with its access in {@code entry}. */
  void fillRun(int slot, int count, long entry) {
    long[] to = entries;
    for (int i = 0; i < count; i++) {
      to[slot + i] = entry + ((long) i << ENTRY_SHIFT);
    }
  }

  /** All bits set in any of {@code count} values; four chains, since C2 does not split the one. */
  static long union(long[] values, int from, int count) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int end = from + count;
    int at = from;
    for (; at <= end - 4; at += 4) {
      a |= values[at];
      b |= values[at + 1];
      c |= values[at + 2];
      d |= values[at + 3];
    }
    for (; at < end; at++) {
      a |= values[at];
    }
    return a | b | c | d;
  }
}
