package org.bufferyard.allocator.iommu;

import static org.bufferyard.allocator.iommu.TableStore.ENTRY_SHIFT;

import java.util.Arrays;

/**
 * Loops over stretches of page-table entries. Short and long stretches have methods of their own:
 * C2 unrolls and vectorises by the trip counts it has seen, and a loop that serves both is compiled
 * for the short ones. No loop holds a check beside its stores, which C2 would not vectorise.
 */
final class Entries {
  /** From here on the long form pays. */
  private static final int LONG_MIN = 24;

  private static final int STEPS = TableStore.FANOUT;

  /**
   * 0, 1, 2 and so on: C2 vectorises a read of them, but not a count that goes up with the loop.
   */
  private static final long[] ASCENDING = new long[STEPS];

  static {
    Arrays.setAll(ASCENDING, step -> step);
  }

  /** Writes an entry a frame, from {@code pfns[from]} on. */
  static void writeFrames(long[] entries, int slot, long[] pfns, int from, int count, long access) {
    if (count >= LONG_MIN) {
      // Copied first: C2 cannot know that two arrays at two offsets do not overlap.
      System.arraycopy(pfns, from, entries, slot, count);
      makeEntries(entries, slot, slot + count, access);
      return;
    }
    for (int i = 0; i < count; i++) {
      entries[slot + i] = (pfns[from + i] << ENTRY_SHIFT) | access;
    }
  }

  private static void makeEntries(long[] entries, int slot, int end, long access) {
    for (int at = slot; at < end; at++) {
      entries[at] = (entries[at] << ENTRY_SHIFT) | access;
    }
  }

  /** Writes consecutive frames, at most a table of them, the first as {@code entry}. */
  static void writeRun(long[] entries, int slot, int count, long entry) {
    if (count >= LONG_MIN) {
      System.arraycopy(ASCENDING, 0, entries, slot, count);
      makeRun(entries, slot, slot + count, entry);
      return;
    }
    long next = entry;
    for (int at = slot; at < slot + count; at++) {
      entries[at] = next;
      next += 1L << ENTRY_SHIFT;
    }
  }

  private static void makeRun(long[] entries, int slot, int end, long entry) {
    for (int at = slot; at < end; at++) {
      entries[at] = (entries[at] << ENTRY_SHIFT) + entry;
    }
  }

  /** Writes large leaves, {@code step} apart, the first as {@code entry}. */
  static void writeLarge(long[] entries, int slot, int count, long entry, long step) {
    long next = entry;
    for (int at = slot; at < slot + count; at++) {
      entries[at] = next;
      next += step;
    }
  }

  /**
   * Those bits of {@code mask} that are set in any of {@code count} values. The mask is what lets
   * C2 vectorise: it leaves a reduction alone whose operand is a bare load.
   */
  static long union(long[] values, int from, int count, long mask) {
    if (count >= LONG_MIN) {
      return longUnion(values, from, from + count, mask);
    }
    long union = 0;
    for (int at = from; at < from + count; at++) {
      union |= values[at];
    }
    return union & mask;
  }

  private static long longUnion(long[] values, int from, int end, long mask) {
    long union = 0;
    for (int at = from; at < end; at++) {
      union |= values[at] & mask;
    }
    return union;
  }

  /** The 512 frames are one aligned run; the two ends decide in almost every other case. */
  static boolean fillLeaf(long[] pfns, int from) {
    long first = pfns[from];
    int last = STEPS - 1;
    return (first & last) == 0
        && pfns[from + last] == first + last
        && misfits(pfns, from, first) == 0;
  }

  /** Zero where the frames ascend from {@code first}; without an early exit C2 can vectorise. */
  private static long misfits(long[] pfns, int from, long first) {
    long misfit = 0;
    for (int i = 0; i < STEPS; i++) {
      misfit |= pfns[from + i] ^ (ASCENDING[i] + first);
    }
    return misfit;
  }

  private Entries() {}
}
