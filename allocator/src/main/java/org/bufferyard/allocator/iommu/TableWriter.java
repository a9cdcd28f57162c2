package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.INDEX_MASK;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;

/**
 * Writes leaves: each method finds the table, sees that the place is empty, claims it and fills it,
 * one table a time, and returns a negated errno when it did nothing. Those that span tables leave
 * what they wrote to their caller to undo: {@link #written} pages. Not thread-safe; owned by its
 * page table.
 */
final class TableWriter {
  /** Largest leaf: level 2, one gibibyte. */
  private static final int LEAF_LEVEL_MAX = 2;

  private static final long PFN_MAX = PageTable.PFN_MAX;

  private final TableStore store;
  private final RunWriter runs;
  private final int levels;
  private long written;

  TableWriter(TableStore store, int levels) {
    this.store = store;
    this.levels = levels;
    runs = new RunWriter(store);
  }

  /** Pages from the start of the range that the last call wrote. */
  long written() {
    return written;
  }

  /** A run, with the largest leaves that both addresses allow. */
  int run(long iova, long pfn, long pages, long access) {
    written = 0;
    return appendRun(iova, pfn, pages, access);
  }

  private int appendRun(long iova, long pfn, long pages, long access) {
    long done = 0;
    while (done < pages) {
      int level = leafLevel(iova + done, pfn + done, pages - done);
      long step =
          level > 0
              ? large(iova + done, pfn + done, pages - done, level, access)
              : small(iova + done, pfn + done, inTable(iova + done, pages - done), access);
      if (step < 0) {
        return (int) step;
      }
      done += step;
      written += step;
    }
    return 0;
  }

  /** All runs one behind the other. */
  int extents(long iova, Extents extents, long access) {
    written = 0;
    int run = 0;
    while (run < extents.runs()) {
      int end = runs.endInTable(iova + written, extents, run);
      int status =
          end > run
              ? shortRuns(iova + written, extents, run, end, access)
              : appendRun(iova + written, extents.pfn(run), extents.pages(run), access);
      if (status < 0) {
        return status;
      }
      run = Math.max(end, run + 1);
    }
    return 0;
  }

  /** Runs {@code run} to {@code end - 1}, which lie wholly in the leaf table of {@code iova}. */
  private int shortRuns(long iova, Extents extents, int run, int end, long access) {
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
    store.mappedPages += pages;
    written += pages;
    return 0;
  }

  /** The frames {@code pfns[from]} to {@code pfns[from + count - 1]}. */
  int frames(long iova, long[] pfns, int from, int count, long access) {
    written = 0;
    if (count <= FANOUT - (iova & INDEX_MASK)) {
      return count == 1 ? page(iova, pfns[from], access) : stretch(iova, pfns, from, count, access);
    }
    int done = 0;
    while (done < count) {
      int n = (int) inTable(iova + done, count - done);
      int status = stretch(iova + done, pfns, from + done, n, access);
      if (status < 0) {
        return status;
      }
      done += n;
      written = done;
    }
    return 0;
  }

  private int page(long iova, long pfn, long access) {
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
    store.mappedPages++;
    return 0;
  }

  private int stretch(long iova, long[] pfns, int from, int count, long access) {
    if (count == FANOUT
        && levels > 1
        && (pfns[from] & ~PFN_MAX) == 0
        && Entries.fillLeaf(pfns, from)) {
      return (int) Math.min(0, large(iova, pfns[from], FANOUT, 1, access));
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
    store.mappedPages += count;
    return 0;
  }

  private static int refused(int noTable) {
    return noTable == TableStore.TAKEN ? -Errno.EADDRINUSE.number() : -Errno.ENOMEM.number();
  }

  private int leafLevel(long iova, long pfn, long pages) {
    if (pages < FANOUT) {
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

  private long small(long iova, long pfn, long pages, long access) {
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
    store.mappedPages += pages;
    return pages;
  }

  /** Maps as many leaves of {@code level} as fit in the range and its table; pages or an errno. */
  private long large(long iova, long pfn, long pages, int level, long access) {
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
    store.mappedPages += (long) count << shift;
    return (long) count << shift;
  }
}
