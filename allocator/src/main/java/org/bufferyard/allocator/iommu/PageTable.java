package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.INDEX_MASK;
import static org.bufferyard.allocator.iommu.TableStore.NONE;
import static org.bufferyard.allocator.iommu.TableStore.ROOT;

import java.util.Arrays;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;

/**
 * An IOMMU page table: from IOVA page to page frame and protection, with leaves of 4 KiB, 2 MiB and
 * 1 GiB. Model of the kernel's generic page table ({@code drivers/iommu/generic_pt}): a mapping
 * over a present entry is refused with EADDRINUSE, and unmapping a part of a large leaf removes the
 * whole leaf and says so. A refused map changes nothing.
 *
 * <p>Frames and IOVAs are in 4 KiB pages. Not thread-safe; owned by its domain.
 */
public final class PageTable {
  public static final long READ = 1;
  public static final long WRITE = 2;

  private static final long ACCESS = READ | WRITE;

  /** Highest frame whose address is a 64-bit number. */
  private static final long PFN_MAX = -1L >>> ENTRY_SHIFT;

  /** Largest leaf: level 2, one gibibyte. */
  private static final int LEAF_LEVEL_MAX = 2;

  private final TableStore store;
  private final TableReader reader;
  private final int levels;
  private final long spacePages;
  private long mappedPages;

  /**
   * @param addressBits width of the IOVA space, 21 to 57
   * @param tablesMax most tables including the root; beyond it a map fails with ENOMEM
   */
  public PageTable(int addressBits, int tablesMax) {
    if (addressBits < 21 || addressBits > 57 || tablesMax < 1) {
      throw new IllegalArgumentException("addressBits=" + addressBits + ", tablesMax=" + tablesMax);
    }
    store = new TableStore(tablesMax);
    levels = Math.ceilDiv(addressBits - ENTRY_SHIFT, FANOUT_SHIFT);
    spacePages = 1L << (addressBits - ENTRY_SHIFT);
    reader = new TableReader(store, levels, spacePages);
  }

  /** Pages that translate. */
  public long mappedPages() {
    return mappedPages;
  }

  /** Tables in use, the root included. */
  public int tables() {
    return store.inUse();
  }

  long spacePages() {
    return spacePages;
  }

  /**
   * Maps {@code pages} pages from {@code iova} to the frames from {@code pfn}, with the largest
   * leaves that both addresses allow. Returns 0 or a negated errno: EADDRINUSE where any page of
   * the range translates, ENOMEM without a table, EINVAL outside the space.
   */
  public int map(long iova, long pfn, long pages, long access) {
    if (!inSpace(iova, pages, access) || pfn < 0 || pfn > PFN_MAX - pages + 1) {
      return -Errno.EINVAL.number();
    }
    long done = 0;
    while (done < pages) {
      int level = leafLevel(iova + done, pfn + done, pages - done);
      long count = level > 0 ? 1L << (level * FANOUT_SHIFT) : inTable(iova + done, pages - done);
      int status = mapLeaves(iova + done, pfn + done, count, level, access);
      if (status < 0) {
        unmap(iova, done);
        return status;
      }
      done += count;
    }
    return 0;
  }

  /** Maps all runs one behind the other; returns as {@link #map}. */
  public int mapExtents(long iova, Extents extents, long access) {
    if (!inSpace(iova, extents.totalPages(), access) || extents.highestPfn() > PFN_MAX) {
      return -Errno.EINVAL.number();
    }
    long before = mappedPages;
    int run = 0;
    while (run < extents.runs()) {
      int next = mapShortRuns(iova + mappedPages - before, extents, run, access);
      if (next == run) {
        int status = map(iova + mappedPages - before, extents.pfn(run), extents.pages(run), access);
        next = status < 0 ? status : run + 1;
      }
      if (next < 0) {
        unmap(iova, mappedPages - before);
        return next;
      }
      run = next;
    }
    return 0;
  }

  /**
   * Maps the runs from {@code run} on that lie wholly in the leaf table of {@code iova}, none of
   * which can be a large leaf. Returns the first run it did not map, or a negated errno.
   */
  private int mapShortRuns(long iova, Extents extents, int run, long access) {
    int room = (int) (FANOUT - (iova & INDEX_MASK));
    int pages = 0;
    int end = run;
    while (end < extents.runs()
        && extents.pages(end) < FANOUT
        && pages + extents.pages(end) <= room) {
      pages += (int) extents.pages(end++);
    }
    if (pages == 0) {
      return run;
    }
    int table = descend(iova, 0);
    if (table < 0) {
      return table;
    }
    int slot = TableStore.slot(table, iova, 0);
    if (store.anyPresent(table, slot, pages)) {
      return -Errno.EADDRINUSE.number();
    }
    long[] entries = store.entries;
    for (int at = run; at < end; at++) {
      long entry = (extents.pfn(at) << ENTRY_SHIFT) | access;
      for (long left = extents.pages(at); left > 0; left--) {
        entries[slot++] = entry;
        entry += 1L << ENTRY_SHIFT;
      }
    }
    store.present[table] += pages;
    mappedPages += pages;
    return end;
  }

  /**
   * Maps the frames {@code pfns[from]} to {@code pfns[from + count - 1]}, straight from the array:
   * no scatterlist is built. 2 MiB leaves where 512 consecutive frames and their addresses are
   * aligned. Returns as {@link #map}; EINVAL also for a frame whose address does not fit.
   */
  public int mapPfns(long iova, long[] pfns, int from, int count, long access) {
    if (!inSpace(iova, count, access)) {
      return -Errno.EINVAL.number();
    }
    int done = 0;
    while (done < count) {
      int n = (int) inTable(iova + done, count - done);
      int status = mapStretch(iova + done, pfns, from + done, n, access);
      if (status < 0) {
        unmap(iova, done);
        return status;
      }
      done += n;
    }
    return 0;
  }

  private int mapStretch(long iova, long[] pfns, int from, int count, long access) {
    long bits = TableStore.union(pfns, from, count);
    if (bits < 0 || bits > PFN_MAX) {
      return -Errno.EINVAL.number();
    }
    if (count == FANOUT && fillsLeaf(pfns, from)) {
      return mapLeaves(iova, pfns[from], FANOUT, 1, access);
    }
    int table = descend(iova, 0);
    if (table < 0) {
      return table;
    }
    int slot = TableStore.slot(table, iova, 0);
    if (store.anyPresent(table, slot, count)) {
      return -Errno.EADDRINUSE.number();
    }
    store.fillFrames(slot, pfns, from, count, access);
    store.present[table] += count;
    mappedPages += count;
    return 0;
  }

  /** The 512 frames are one aligned run; the two ends decide in almost every other case. */
  private static boolean fillsLeaf(long[] pfns, int from) {
    long first = pfns[from];
    if ((first & INDEX_MASK) != 0 || pfns[from + FANOUT - 1] != first + FANOUT - 1) {
      return false;
    }
    for (int i = 1; i < FANOUT; i++) {
      if (pfns[from + i] != first + i) {
        return false;
      }
    }
    return true;
  }

  private boolean inSpace(long iova, long pages, long access) {
    return iova >= 0
        && pages > 0
        && pages <= spacePages
        && iova <= spacePages - pages
        && (access & ACCESS) != 0
        && (access & ~ACCESS) == 0;
  }

  private int leafLevel(long iova, long pfn, long pages) {
    if (pages < FANOUT || ((iova | pfn) & INDEX_MASK) != 0) {
      return 0;
    }
    for (int level = Math.min(LEAF_LEVEL_MAX, levels - 1); level > 0; level--) {
      long leafPages = 1L << (level * FANOUT_SHIFT);
      if (((iova | pfn) & (leafPages - 1)) == 0 && pages >= leafPages) {
        return level;
      }
    }
    return 0;
  }

  /** Pages up to the end of the leaf table of {@code iova}. */
  private static long inTable(long iova, long pages) {
    return Math.min(pages, FANOUT - (iova & INDEX_MASK));
  }

  private int mapLeaves(long iova, long pfn, long pages, int level, long access) {
    int table = descend(iova, level);
    if (table < 0) {
      return table;
    }
    int slot = TableStore.slot(table, iova, level);
    int count = level > 0 ? 1 : (int) pages;
    if (store.anyPresent(table, slot, count)) {
      return -Errno.EADDRINUSE.number();
    }
    store.fillRun(slot, count, (pfn << ENTRY_SHIFT) | access);
    store.present[table] += count;
    mappedPages += pages;
    return 0;
  }

  /** The table of {@code level} that serves {@code iova}, made if absent, or a negated errno. */
  private int descend(long iova, int level) {
    int cached = level == 0 ? store.cursor(iova) : NONE;
    if (cached != NONE) {
      return cached;
    }
    int table = ROOT;
    for (int at = levels - 1; at > level; at--) {
      int slot = TableStore.slot(table, iova, at);
      long entry = store.entries[slot];
      if (entry != 0 && !TableStore.isPointer(entry)) {
        return -Errno.EADDRINUSE.number();
      }
      int next = entry == 0 ? store.add(table, slot) : TableStore.target(entry);
      if (next == NONE) {
        store.prune(table);
        return -Errno.ENOMEM.number();
      }
      table = next;
    }
    if (level == 0) {
      store.remember(iova, table);
    }
    return table;
  }

  /**
   * Removes every leaf that touches {@code pages} pages from {@code iova}; holes are passed over. A
   * large leaf goes as a whole, also the part of it outside the range. Returns the pages removed.
   */
  public long unmap(long iova, long pages) {
    return unmap(iova, pages, false);
  }

  /**
   * As {@link #unmap(long, long)}; {@code full} promises that every page of the range is mapped.
   */
  long unmap(long iova, long pages, boolean full) {
    long before = mappedPages;
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = unmapStep(at, end, full);
    }
    return before - mappedPages;
  }

  /** Clears the entries of a table, or one large leaf, or skips a hole; returns where it got to. */
  private long unmapStep(long iova, long end, boolean full) {
    int table = store.cursor(iova);
    int level = 0;
    if (table == NONE) {
      table = ROOT;
      level = levels - 1;
      long entry = store.entries[TableStore.index(iova, level)];
      while (level > 0 && TableStore.isPointer(entry)) {
        table = TableStore.target(entry);
        level--;
        entry = store.entries[TableStore.slot(table, iova, level)];
      }
    }
    int slot = TableStore.slot(table, iova, level);
    if (level == 0) {
      int count = (int) inTable(iova, end - iova);
      clear(table, slot, count, full ? count : store.presentIn(table, slot, count));
      return iova + count;
    }
    if (store.entries[slot] != 0) {
      clear(table, slot, 1, 1);
      mappedPages -= (1L << (level * FANOUT_SHIFT)) - 1;
    }
    return TableReader.nextGranule(iova, level);
  }

  private void clear(int table, int slot, int count, int removed) {
    assert removed == store.presentIn(table, slot, count) : "holes in a full range, slot=" + slot;
    Arrays.fill(store.entries, slot, slot + count, 0);
    store.present[table] -= removed;
    mappedPages -= removed;
    store.prune(table);
  }

  /**
   * What {@code iova} translates to: page frame in bits 12 up, access in bits 0 and 1; zero where
   * nothing is mapped. For a page inside a large leaf the frame is that page's own.
   */
  public long translate(long iova) {
    return reader.translate(iova);
  }

  /** Is shown the leaves of a walk in order of IOVA. */
  public interface LeafVisitor {
    /** One leaf of {@code pages} (1, 512 or 262,144) pages. */
    void leaf(long iova, long pfn, long pages, long access);
  }

  /** Shows every leaf that touches the range, whole, in order. Cost: one step a leaf or hole. */
  public void walk(long iova, long pages, LeafVisitor visitor) {
    reader.walk(iova, pages, visitor);
  }
}
