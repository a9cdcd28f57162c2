package org.bufferyard.allocator.iommu;

import java.util.Arrays;
import org.bufferyard.allocator.Errno;

/**
 * An IOMMU page table: from IOVA page to page frame and protection, with leaves of 4 KiB, 2 MiB and
 * 1 GiB. Model of the kernel's generic page table ({@code drivers/iommu/generic_pt}): a mapping
 * over a present entry is refused with EADDRINUSE, and unmapping a part of a large leaf removes the
 * whole leaf and says so.
 *
 * <p>All tables lie in one {@code long[]}, 512 entries each; a table that becomes empty is freed at
 * once, so a large leaf always finds its slot free where nothing is mapped. Frames and IOVAs are in
 * 4 KiB pages. Not thread-safe; owned by its domain.
 */
public final class PageTable {
  public static final long READ = 1;
  public static final long WRITE = 2;

  static final int FANOUT_SHIFT = 9;
  static final int FANOUT = 1 << FANOUT_SHIFT;
  static final long INDEX_MASK = FANOUT - 1L;

  private static final long ACCESS = READ | WRITE;
  private static final long TABLE = 4;
  private static final int ENTRY_SHIFT = 12;
  private static final int ROOT = 0;

  /** Largest leaf: level 2, one gibibyte. */
  private static final int LEAF_LEVEL_MAX = 2;

  private final int levels;
  private final long spacePages;
  private final int tablesMax;

  private long[] entries = new long[4 * FANOUT];

  /** Present entries of each table. */
  private int[] present = new int[4];

  /** Index in {@code entries} of the entry that points at a table. */
  private int[] parentSlots = new int[4];

  private int tables = 1;

  /** Freed tables, a stack threaded through {@code parentSlots}; -1 is its end. */
  private int freeTables = -1;

  private int tablesFree;

  private long mappedPages;

  /** The leaf table used last and the 2 MiB granule it serves; granule -1 is none. */
  private long cursorGranule = -1;

  private int cursorTable;

  /**
   * @param addressBits width of the IOVA space, 21 to 57
   * @param tablesMax most tables including the root; beyond it a map fails with ENOMEM
   */
  public PageTable(int addressBits, int tablesMax) {
    if (addressBits < 21 || addressBits > 57 || tablesMax < 1) {
      throw new IllegalArgumentException("addressBits=" + addressBits + ", tablesMax=" + tablesMax);
    }
    levels = Math.ceilDiv(addressBits - ENTRY_SHIFT, FANOUT_SHIFT);
    spacePages = 1L << (addressBits - ENTRY_SHIFT);
    this.tablesMax = tablesMax;
  }

  /** Pages that translate. */
  public long mappedPages() {
    return mappedPages;
  }

  /** Tables in use, the root included. */
  public int tables() {
    return tables - tablesFree;
  }

  /**
   * Maps {@code pages} pages from {@code iova} to the frames from {@code pfn}, with the largest
   * leaves that both addresses allow. Returns 0 or a negated errno: EADDRINUSE where any page of
   * the range translates, ENOMEM without a table, EINVAL outside the space; nothing is changed
   * then.
   */
  public int map(long iova, long pfn, long pages, long access) {
    if (!inSpace(iova, pages) || pfn < 0 || (access & ACCESS) == 0 || (access & ~ACCESS) != 0) {
      return -Errno.EINVAL.number();
    }
    long done = 0;
    while (done < pages) {
      int level = leafLevel(iova + done, pfn + done, pages - done);
      long count = level > 0 ? 1L << (level * FANOUT_SHIFT) : smallRun(iova + done, pages - done);
      int status = mapLeaves(iova + done, pfn + done, count, level, access);
      if (status < 0) {
        unmap(iova, done);
        return status;
      }
      done += count;
    }
    return 0;
  }

  /** Maps single frames {@code pfns[from]} on with 4 KiB leaves; returns as {@link #map}. */
  public int mapPfns(long iova, long[] pfns, int from, int count, long access) {
    if (!inSpace(iova, count)) {
      return -Errno.EINVAL.number();
    }
    int done = 0;
    while (done < count) {
      int n = (int) smallRun(iova + done, count - done);
      int status = mapFrames(iova + done, pfns, from + done, n, access);
      if (status < 0) {
        unmap(iova, done);
        return status;
      }
      done += n;
    }
    return 0;
  }

  private boolean inSpace(long iova, long pages) {
    return iova >= 0 && pages > 0 && pages <= spacePages && iova <= spacePages - pages;
  }

  private int leafLevel(long iova, long pfn, long pages) {
    for (int level = Math.min(LEAF_LEVEL_MAX, levels - 1); level > 0; level--) {
      long leafPages = 1L << (level * FANOUT_SHIFT);
      if (((iova | pfn) & (leafPages - 1)) == 0 && pages >= leafPages) {
        return level;
      }
    }
    return 0;
  }

  /** Pages up to the end of the leaf table of {@code iova}. */
  private static long smallRun(long iova, long pages) {
    return Math.min(pages, FANOUT - (iova & INDEX_MASK));
  }

  private int mapLeaves(long iova, long pfn, long pages, int level, long access) {
    int table = descend(iova, level);
    if (table < 0) {
      return table;
    }
    int slot = (table << FANOUT_SHIFT) + index(iova, level);
    int count = level > 0 ? 1 : (int) pages;
    if (anyPresent(slot, count)) {
      prune(table);
      return -Errno.EADDRINUSE.number();
    }
    long entry = (pfn << ENTRY_SHIFT) | access;
    for (int i = 0; i < count; i++) {
      entries[slot + i] = entry + ((long) i << ENTRY_SHIFT);
    }
    present[table] += count;
    mappedPages += pages;
    return 0;
  }

  private int mapFrames(long iova, long[] pfns, int from, int count, long access) {
    int table = descend(iova, 0);
    if (table < 0) {
      return table;
    }
    int slot = (table << FANOUT_SHIFT) + index(iova, 0);
    if (anyPresent(slot, count)) {
      prune(table);
      return -Errno.EADDRINUSE.number();
    }
    long[] to = entries;
    for (int i = 0; i < count; i++) {
      to[slot + i] = (pfns[from + i] << ENTRY_SHIFT) | access;
    }
    present[table] += count;
    mappedPages += count;
    return 0;
  }

  private boolean anyPresent(int slot, int count) {
    long union = 0;
    for (int i = 0; i < count; i++) {
      union |= entries[slot + i];
    }
    return union != 0;
  }

  private static int index(long iova, int level) {
    return (int) ((iova >>> (level * FANOUT_SHIFT)) & INDEX_MASK);
  }

  /** The table of {@code level} that serves {@code iova}, made if absent, or a negated errno. */
  private int descend(long iova, int level) {
    if (level == 0 && iova >>> FANOUT_SHIFT == cursorGranule) {
      return cursorTable;
    }
    int table = ROOT;
    for (int at = levels - 1; at > level; at--) {
      int slot = (table << FANOUT_SHIFT) + index(iova, at);
      if ((entries[slot] & ACCESS) != 0) {
        prune(table);
        return -Errno.EADDRINUSE.number();
      }
      if (entries[slot] == 0) {
        int made = takeTable(slot);
        if (made < 0) {
          prune(table);
          return -Errno.ENOMEM.number();
        }
        entries[slot] = ((long) made << ENTRY_SHIFT) | TABLE;
        present[table]++;
      }
      table = (int) (entries[slot] >>> ENTRY_SHIFT);
    }
    if (level == 0) {
      cursorGranule = iova >>> FANOUT_SHIFT;
      cursorTable = table;
    }
    return table;
  }

  private int takeTable(int parentSlot) {
    int table = freeTables;
    if (table >= 0) {
      freeTables = parentSlots[table];
      tablesFree--;
    } else if (tables < tablesMax) {
      table = tables++;
      if (tables > present.length) {
        grow();
      }
    } else {
      return -1;
    }
    parentSlots[table] = parentSlot;
    return table;
  }

  private void grow() {
    entries = Arrays.copyOf(entries, entries.length * 2);
    present = Arrays.copyOf(present, present.length * 2);
    parentSlots = Arrays.copyOf(parentSlots, parentSlots.length * 2);
  }

  /** Frees {@code table} and its parents as far as they are empty; the root stays. */
  private void prune(int table) {
    int at = table;
    while (at != ROOT && present[at] == 0) {
      int parentSlot = parentSlots[at];
      entries[parentSlot] = 0;
      parentSlots[at] = freeTables;
      freeTables = at;
      tablesFree++;
      if (at == cursorTable) {
        cursorGranule = -1;
      }
      at = parentSlot >>> FANOUT_SHIFT;
      present[at]--;
    }
  }

  /**
   * Removes every leaf that touches {@code pages} pages from {@code iova}; holes are passed over. A
   * large leaf goes as a whole, also the part of it outside the range. Returns the pages removed.
   */
  public long unmap(long iova, long pages) {
    long before = mappedPages;
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = unmapStep(at, end);
    }
    return before - mappedPages;
  }

  /**
   * Clears the entries of one table, or one large leaf, or skips a hole; returns where it got to.
   */
  private long unmapStep(long iova, long end) {
    int table = ROOT;
    int level = levels - 1;
    int slot = index(iova, level);
    while (level > 0 && (entries[slot] & TABLE) != 0) {
      table = (int) (entries[slot] >>> ENTRY_SHIFT);
      level--;
      slot = (table << FANOUT_SHIFT) + index(iova, level);
    }
    if (level == 0) {
      int count = (int) Math.min(end - iova, FANOUT - (iova & INDEX_MASK));
      clear(table, slot, count);
      return iova + count;
    }
    if (entries[slot] != 0) {
      entries[slot] = 0;
      present[table]--;
      mappedPages -= 1L << (level * FANOUT_SHIFT);
      prune(table);
    }
    return nextGranule(iova, level);
  }

  private void clear(int table, int slot, int count) {
    int removed = 0;
    for (int i = 0; i < count; i++) {
      removed += entries[slot + i] != 0 ? 1 : 0;
    }
    Arrays.fill(entries, slot, slot + count, 0);
    present[table] -= removed;
    mappedPages -= removed;
    prune(table);
  }

  private static long nextGranule(long iova, int level) {
    int shift = level * FANOUT_SHIFT;
    return ((iova >>> shift) + 1) << shift;
  }

  /**
   * What {@code iova} translates to: page frame in bits 12 up, access in bits 0 and 1; zero where
   * nothing is mapped. For a page inside a large leaf the frame is that page's own.
   */
  public long translate(long iova) {
    if (iova < 0 || iova >= spacePages) {
      return 0;
    }
    int level = levels - 1;
    long entry = entries[index(iova, level)];
    while (level > 0 && (entry & TABLE) != 0) {
      level--;
      entry = entries[(int) (entry >>> ENTRY_SHIFT << FANOUT_SHIFT) + index(iova, level)];
    }
    if (entry == 0) {
      return 0;
    }
    long inLeaf = iova & ((1L << (level * FANOUT_SHIFT)) - 1);
    return entry + (inLeaf << ENTRY_SHIFT);
  }

  /** No page of the range translates. */
  public boolean isFree(long iova, long pages) {
    int[] leaves = {0};
    walk(iova, pages, (at, pfn, count, access) -> leaves[0]++);
    return leaves[0] == 0;
  }

  /** Is shown the leaves of a walk in order of IOVA. */
  public interface LeafVisitor {
    /** One leaf of {@code pages} (1, 512 or 262,144) pages. */
    void leaf(long iova, long pfn, long pages, long access);
  }

  /** Shows every leaf that touches the range, whole, in order. Cost: one step a leaf or hole. */
  public void walk(long iova, long pages, LeafVisitor visitor) {
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = walkStep(at, visitor);
    }
  }

  private long walkStep(long iova, LeafVisitor visitor) {
    int level = levels - 1;
    long entry = entries[index(iova, level)];
    while (level > 0 && (entry & TABLE) != 0) {
      level--;
      entry = entries[(int) (entry >>> ENTRY_SHIFT << FANOUT_SHIFT) + index(iova, level)];
    }
    if (entry != 0) {
      long leafPages = 1L << (level * FANOUT_SHIFT);
      visitor.leaf(iova & -leafPages, entry >>> ENTRY_SHIFT, leafPages, entry & ACCESS);
    }
    return nextGranule(iova, level);
  }

  long spacePages() {
    return spacePages;
  }
}
