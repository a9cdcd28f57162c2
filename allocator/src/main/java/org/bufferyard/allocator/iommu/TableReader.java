package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT_SHIFT;

/** Reads a page table: one translation, or the leaves of a range. Changes nothing. */
final class TableReader {
  private static final long ACCESS = PageTable.READ | PageTable.WRITE;

  private final TableStore store;
  private final int levels;
  private final long spacePages;

  TableReader(TableStore store, int levels, long spacePages) {
    this.store = store;
    this.levels = levels;
    this.spacePages = spacePages;
  }

  long translate(long iova) {
    if (iova < 0 || iova >= spacePages) {
      return 0;
    }
    int level = levels - 1;
    long entry = store.entries[TableStore.index(iova, level)];
    while (TableStore.isPointer(entry)) {
      level--;
      entry = store.entries[TableStore.slot(TableStore.target(entry), iova, level)];
    }
    long inLeaf = iova & ((1L << (level * FANOUT_SHIFT)) - 1);
    return entry == 0 ? 0 : entry + (inLeaf << ENTRY_SHIFT);
  }

  void walk(long iova, long pages, PageTable.LeafVisitor visitor) {
    long at = Math.max(iova, 0);
    long end = Math.min(iova + pages, spacePages);
    while (at < end) {
      at = step(at, visitor);
    }
  }

  /** Shows the leaf at {@code iova}, if any; returns where the next entry of its level starts. */
  private long step(long iova, PageTable.LeafVisitor visitor) {
    int level = levels - 1;
    long entry = store.entries[TableStore.index(iova, level)];
    while (TableStore.isPointer(entry)) {
      level--;
      entry = store.entries[TableStore.slot(TableStore.target(entry), iova, level)];
    }
    if (entry != 0) {
      long leafPages = 1L << (level * FANOUT_SHIFT);
      visitor.leaf(iova & -leafPages, entry >>> ENTRY_SHIFT, leafPages, entry & ACCESS);
    }
    return nextGranule(iova, level);
  }

  static long nextGranule(long iova, int level) {
    int shift = level * FANOUT_SHIFT;
    return ((iova >>> shift) + 1) << shift;
  }
}
