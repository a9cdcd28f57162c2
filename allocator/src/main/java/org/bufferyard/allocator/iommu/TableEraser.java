package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.FANOUT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.INDEX_MASK;
import static org.bufferyard.allocator.iommu.TableStore.NONE;
import static org.bufferyard.allocator.iommu.TableStore.ROOT;

/** Removes leaves, table by table. Not thread-safe; owned by its page table. */
final class TableEraser {
  private final TableStore store;
  private final int levels;
  private final long spacePages;

  TableEraser(TableStore store, int levels, long spacePages) {
    this.store = store;
    this.levels = levels;
    this.spacePages = spacePages;
  }

  /**
   * Removes every leaf that touches the range; {@code full} promises that every page of it is
   * mapped. Returns the pages removed.
   */
  long erase(long iova, long pages, boolean full) {
    int table = store.cursor(iova);
    if (table != NONE && pages > 0 && pages <= FANOUT - (iova & INDEX_MASK)) {
      return clear(table, TableStore.slot(table, iova, 0), (int) pages, full);
    }
    long before = store.mappedPages;
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = step(at, end, full);
    }
    return before - store.mappedPages;
  }

  /** Clears entries of a leaf table; returns how many were there. */
  private int clear(int table, int slot, int count, boolean full) {
    int removed = full ? count : store.presentIn(slot, count);
    assert removed == store.presentIn(slot, count) : "holes in a full range, slot=" + slot;
    if (removed > 0) {
      store.clear(table, slot, count, removed);
      store.mappedPages -= removed;
    }
    return removed;
  }

  /** Clears entries of one table, large leaves too, or skips a hole; returns where it got to. */
  private long step(long iova, long end, boolean full) {
    int table = store.cursor(iova);
    int level = 0;
    if (table == NONE) {
      table = ROOT;
      level = levels - 1;
      long entry = store.entries[TableStore.index(iova, level)];
      while (TableStore.isPointer(entry)) {
        table = TableStore.target(entry);
        level--;
        entry = store.entries[TableStore.slot(table, iova, level)];
      }
    }
    int slot = TableStore.slot(table, iova, level);
    if (level > 0) {
      return large(iova, end, table, slot, level);
    }
    int count = (int) Math.min(end - iova, FANOUT - (iova & INDEX_MASK));
    clear(table, slot, count, full);
    return iova + count;
  }

  /** Clears the large leaves from {@code slot} on, up to the first entry that is none. */
  private long large(long iova, long end, int table, int slot, int level) {
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
    store.mappedPages -= (long) (past - slot) << (level * FANOUT_SHIFT);
    return at;
  }

  private static boolean isLeaf(long entry) {
    return entry != 0 && !TableStore.isPointer(entry);
  }
}
