package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.INDEX_MASK;
import static org.bufferyard.allocator.iommu.TableStore.NONE;
import static org.bufferyard.allocator.iommu.TableStore.ROOT;

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
  private final RunWriter runs;
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
    levels = Math.ceilDiv(addressBits - ENTRY_SHIFT, FANOUT_SHIFT);
    store = new TableStore(levels, tablesMax);
    runs = new RunWriter(store);
    spacePages = 1L << (addressBits - ENTRY_SHIFT);
    reader = new TableReader(store, levels, spacePages);
  }

  /** Pages that translate. */
  public long mappedPages() {
    return mappedPages;
  }

  /** Tables in use, the root included; one kept empty for the next map is not. */
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
    return mapRun(iova, pfn, pages, access);
  }

  private int mapRun(long iova, long pfn, long pages, long access) {
    long done = 0;
    while (done < pages) {
      int level = leafLevel(iova + done, pfn + done, pages - done);
      long step =
          level > 0
              ? mapLarge(iova + done, pfn + done, pages - done, level, access)
              : mapSmall(iova + done, pfn + done, inTable(iova + done, pages - done), access);
      if (step < 0) {
        unmap(iova, done);
        return (int) step;
      }
      done += step;
    }
    return 0;
  }

  /** Maps all runs one behind the other; returns as {@link #map}. */
  public int mapExtents(long iova, Extents extents, long access) {
    if (!inSpace(iova, extents.totalPages(), access) || extents.highestPfn() > PFN_MAX) {
      return -Errno.EINVAL.number();
    }
    long done = 0;
    int run = 0;
    if (extents.contiguous()) {
      return mapRun(iova, extents.pfn(0), extents.pages(0), access);
    }
    while (run < extents.runs()) {
      int end = runs.endInTable(iova + done, extents, run);
      int status;
      if (end > run) {
        status = mapShortRuns(iova + done, extents, run, end, access);
        done += status < 0 ? 0 : runs.pages();
      } else {
        end = run + 1;
        status = mapRun(iova + done, extents.pfn(run), extents.pages(run), access);
        done += status < 0 ? 0 : extents.pages(run);
      }
      if (status < 0) {
        unmap(iova, done);
        return status;
      }
      run = end;
    }
    return 0;
  }

  /** Runs {@code run} to {@code end - 1}, which lie wholly in the leaf table of {@code iova}. */
  private int mapShortRuns(long iova, Extents extents, int run, int end, long access) {
    int pages = runs.pages();
    int table = store.leafTable(iova);
    if (table < 0) {
      return refused(table);
    }
    int slot = TableStore.slot(table, iova, 0);
    if (store.anyPresent(slot, pages)) {
      return -Errno.EADDRINUSE.number();
    }
    store.claim(table, slot, pages);
    runs.write(slot, extents, run, end, access);
    mappedPages += pages;
    return 0;
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
    if (count <= FANOUT - (iova & INDEX_MASK)) {
      return count == 1
          ? mapPage(iova, pfns[from], access)
          : mapStretch(iova, pfns, from, count, access);
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

  private int mapPage(long iova, long pfn, long access) {
    if ((pfn & ~PFN_MAX) != 0) {
      return -Errno.EINVAL.number();
    }
    int table = store.leafTable(iova);
    if (table < 0) {
      return refused(table);
    }
    int slot = TableStore.slot(table, iova, 0);
    if (store.anyPresent(slot, 1)) {
      return -Errno.EADDRINUSE.number();
    }
    store.claim(table, slot, 1);
    store.entries[slot] = (pfn << ENTRY_SHIFT) | access;
    mappedPages++;
    return 0;
  }

  private int mapStretch(long iova, long[] pfns, int from, int count, long access) {
    if (count == FANOUT
        && levels > 1
        && (pfns[from] & ~PFN_MAX) == 0
        && Entries.fillLeaf(pfns, from)) {
      return (int) Math.min(0, mapLarge(iova, pfns[from], FANOUT, 1, access));
    }
    if (Entries.union(pfns, from, count, ~PFN_MAX) != 0) {
      return -Errno.EINVAL.number();
    }
    int table = store.leafTable(iova);
    if (table < 0) {
      return refused(table);
    }
    int slot = TableStore.slot(table, iova, 0);
    if (store.anyPresent(slot, count)) {
      return -Errno.EADDRINUSE.number();
    }
    store.claim(table, slot, count);
    Entries.writeFrames(store.entries, slot, pfns, from, count, access);
    mappedPages += count;
    return 0;
  }

  private boolean inSpace(long iova, long pages, long access) {
    return iova >= 0
        && pages > 0
        && pages <= spacePages
        && iova <= spacePages - pages
        && (access & ACCESS) != 0
        && (access & ~ACCESS) == 0;
  }

  private static int refused(int noTable) {
    return noTable == TableStore.TAKEN ? -Errno.EADDRINUSE.number() : -Errno.ENOMEM.number();
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

  private long mapSmall(long iova, long pfn, long pages, long access) {
    int table = store.leafTable(iova);
    if (table < 0) {
      return refused(table);
    }
    int slot = TableStore.slot(table, iova, 0);
    int count = (int) pages;
    if (store.anyPresent(slot, count)) {
      return -Errno.EADDRINUSE.number();
    }
    store.claim(table, slot, count);
    Entries.writeRun(store.entries, slot, count, (pfn << ENTRY_SHIFT) | access);
    mappedPages += pages;
    return pages;
  }

  /** Maps as many leaves of {@code level} as fit in the range and its table; pages or an errno. */
  private long mapLarge(long iova, long pfn, long pages, int level, long access) {
    store.dropParked();
    int table = store.descend(iova, level);
    if (table < 0) {
      return refused(table);
    }
    int shift = level * FANOUT_SHIFT;
    int slot = TableStore.slot(table, iova, level);
    int count = (int) Math.min(pages >>> shift, FANOUT - TableStore.index(iova, level));
    if (store.anyPresent(slot, count)) {
      return -Errno.EADDRINUSE.number();
    }
    store.claim(table, slot, count);
    long entry = (pfn << ENTRY_SHIFT) | access;
    Entries.writeLarge(store.entries, slot, count, entry, 1L << (shift + ENTRY_SHIFT));
    mappedPages += (long) count << shift;
    return (long) count << shift;
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
    int table = store.cursor(iova);
    if (table != NONE && pages > 0 && pages <= FANOUT - (iova & INDEX_MASK)) {
      return clear(table, TableStore.slot(table, iova, 0), (int) pages, full);
    }
    long before = mappedPages;
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = unmapStep(at, end, full);
    }
    return before - mappedPages;
  }

  /** Clears entries of a leaf table; returns how many were there. */
  private int clear(int table, int slot, int count, boolean full) {
    int removed = full ? count : store.presentIn(slot, count);
    assert removed == store.presentIn(slot, count) : "holes in a full range, slot=" + slot;
    if (removed > 0) {
      store.clear(table, slot, count, removed);
      mappedPages -= removed;
    }
    return removed;
  }

  /** Clears entries of one table, large leaves too, or skips a hole; returns where it got to. */
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
    if (level > 0) {
      return unmapLarge(iova, end, table, slot, level);
    }
    int count = (int) inTable(iova, end - iova);
    clear(table, slot, count, full);
    return iova + count;
  }

  /** Clears the large leaves from {@code slot} on, up to the first entry that is none. */
  private long unmapLarge(long iova, long end, int table, int slot, int level) {
    long at = TableReader.nextGranule(iova, level);
    if (store.entries[slot] == 0) {
      return at;
    }
    int tableEnd = (table + 1) << FANOUT_SHIFT;
    int past = slot + 1;
    while (at < end && past < tableEnd && isLeaf(store.entries[past])) {
      at = TableReader.nextGranule(at, level);
      past++;
    }
    store.clear(table, slot, past - slot, past - slot);
    mappedPages -= (long) (past - slot) << (level * FANOUT_SHIFT);
    return at;
  }

  private static boolean isLeaf(long entry) {
    return entry != 0 && !TableStore.isPointer(entry);
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
