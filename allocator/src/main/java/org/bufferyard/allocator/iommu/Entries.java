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

  /** Entry {@code i} is {@code i} frames on. */
  private static final long[] ASCENDING = new long[STEPS];

  static {
    Arrays.setAll(ASCENDING, step -> (long) step << ENTRY_SHIFT);
  }

  /** Writes an entry a frame, from {@code pfns[from]} on. */
  static void writeFrames(
      long[] entries, int slot, long[] pfns, int from, int count, long access) {
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
      addToEach(entries, slot, slot + count, entry);
      return;
    }
    long next = entry;
    for (int at = slot; at < slot + count; at++) {
      entries[at] = next;
      next += 1L << ENTRY_SHIFT;
    }
  }

  private static void addToEach(long[] entries, int slot, int end, long entry) {
    for (int at = slot; at < end; at++) {
      entries[at] += entry;
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

  /** All bits set in any of {@code count} values. */
  static long union(long[] values, int from, int count) {
    if (count >= LONG_MIN) {
      return longUnion(values, from, from + count);
    }
    long union = 0;
    for (int at = from; at < from + count; at++) {
      union |= values[at];
    }
    return union;
  }

  /** Four chains, since C2 does not split the one. */
  private static long longUnion(long[] values, int from, int end) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
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

  /** How many of {@code count} entries are not zero. */
  static int present(long[] entries, int slot, int count) {
    int found = 0;
    for (int at = slot; at < slot + count; at++) {
      found += entries[at] != 0 ? 1 : 0;
    }
    return found;
  }

  /** The 512 frames are one aligned run; the two ends decide in almost every other case. */
  static boolean fillLeaf(long[] pfns, int from) {
    long first = pfns[from];
    int last = STEPS - 1;
    return (first & last) == 0 && pfns[from + last] == first + last && ascend(pfns, from, first);
  }

  private static boolean ascend(long[] pfns, int from, long first) {
    for (int i = 1; i < STEPS; i++) {
      if (pfns[from + i] != first + i) {
        return false;
      }
    }
    return true;
  }

  private Entries() {}
}
