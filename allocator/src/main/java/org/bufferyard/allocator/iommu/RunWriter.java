package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;
import static org.bufferyard.allocator.iommu.TableStore.FANOUT;
import static org.bufferyard.allocator.iommu.TableStore.INDEX_MASK;

import org.bufferyard.allocator.Extents;

/**
 * Writes the entries of runs that are too short for a large leaf, many runs in one go. Not
 * thread-safe; owned by its page table.
 */
final class RunWriter {
  /** Entries written for a run whether it is so long or not. */
  private static final int GUESS = 4;

  /** Where runs are longer than this on average, each is filled by itself. */
  private static final int LONG_RUN = 8;

  private static final long NEXT_FRAME = 1L << ENTRY_SHIFT;

  private final TableStore store;
  private int pages;

  RunWriter(TableStore store) {
    this.store = store;
  }

  /** Pages of the runs that {@link #endInTable} passed. */
  int pages() {
    return pages;
  }

  /**
   * The end of the runs from {@code run} on that lie wholly in the leaf table of {@code iova}; of
   * two runs or more. A run that fills the table is not among them: it may be a large leaf.
   */
  int endInTable(long iova, Extents extents, int run) {
    int room = (int) (FANOUT - (iova & INDEX_MASK));
    if (run == 0 && extents.totalPages() <= room) {
      pages = (int) extents.totalPages();
      return extents.runs();
    }
    int left = room;
    int end = run;
    int runs = extents.runs();
    while (end < runs) {
      long length = extents.pages(end);
      if (length > left || length == FANOUT) {
        break;
      }
      left -= (int) length;
      end++;
    }
    pages = room - left;
    return end;
  }

  /** Writes runs {@code run} to {@code end - 1}, {@link #pages} in all, from {@code slot} on. */
  void write(int slot, Extents extents, int run, int end, long access) {
    if (pages == end - run) {
      writeSingles(slot, extents, run, end, access);
    } else if (pages > LONG_RUN * (end - run)) {
      writeEach(slot, extents, run, end, access);
    } else {
      writeGuessing(slot, extents, run, end, access);
    }
  }

  private void writeSingles(int slot, Extents extents, int run, int end, long access) {
    long[] entries = store.entries;
    for (int at = run; at < end; at++) {
      entries[slot + at - run] = (extents.pfn(at) << ENTRY_SHIFT) | access;
    }
  }

  private void writeEach(int slot, Extents extents, int run, int end, long access) {
    int to = slot;
    for (int at = run; at < end; at++) {
      int count = (int) extents.pages(at);
      Entries.writeRun(store.entries, to, count, (extents.pfn(at) << ENTRY_SHIFT) | access);
      to += count;
    }
  }

  /**
   * Four entries a run without a branch on its length, which no predictor learns; what is too much
   * the next run overwrites. Invariant: entries below {@code to} are right, and while it is at most
   * {@code safe} there is a run left and room for a guess; what follows is written run by run.
   */
  private void writeGuessing(int slot, Extents extents, int run, int end, long access) {
    long[] entries = store.entries;
    int safe = slot + pages - GUESS;
    int to = slot;
    int at = run;
    while (to <= safe) {
      long entry = (extents.pfn(at) << ENTRY_SHIFT) | access;
      int count = (int) extents.pages(at);
      entries[to] = entry;
      entries[to + 1] = entry + NEXT_FRAME;
      entries[to + 2] = entry + 2 * NEXT_FRAME;
      entries[to + 3] = entry + 3 * NEXT_FRAME;
      if (count > GUESS) {
        Entries.writeRun(entries, to + GUESS, count - GUESS, entry + GUESS * NEXT_FRAME);
      }
      to += count;
      at++;
    }
    writeEach(to, extents, at, end, access);
  }
}
