package org.bufferyard.allocator.region;

import org.bufferyard.allocator.Extents;

/**
 * Frees of whole runs, checked before anything changes. Not thread-safe; owned with the blocks;
 * allocates nothing.
 */
final class BuddyReturns {
  private static final long WHOLE = Long.MAX_VALUE;

  private final BuddyBlocks blocks;

  BuddyReturns(BuddyBlocks blocks) {
    this.blocks = blocks;
  }

  /** The block that is all of {@code extents}, frames counted from {@code origin}; -1 for none. */
  int wholeBlock(Extents extents, long origin) {
    if (extents.runs() != 1) {
      return -1;
    }
    long start = extents.pfn(0) - origin;
    long end = start + extents.pages(0);
    if (start < blocks.first() || end > blocks.end()) {
      return -1;
    }
    int head = (int) start;
    boolean whole =
        blocks.isHead(head)
            && blocks.isAllocated(head)
            && !blocks.continues(head)
            && blocks.endOf(head) == end
            && (end == blocks.end() || !blocks.continues((int) end));
    return whole ? head : -1;
  }

  /**
   * Frees the runs of {@code extents}, frames counted from {@code origin}, as {@code kind}. Returns
   * -1, or the frame at which a run is not what was allocated, and then frees nothing.
   */
  long release(Extents extents, long origin, int kind) {
    for (int run = 0; run < extents.runs(); run++) {
      long stop = markRun(extents.pfn(run) - origin, extents.pages(run));
      if (stop != WHOLE) {
        unmark(extents, origin, run, stop);
        return origin + stop;
      }
    }
    unmark(extents, origin, extents.runs(), 0);
    for (int run = 0; run < extents.runs(); run++) {
      int at = (int) (extents.pfn(run) - origin);
      int end = at + (int) extents.pages(run);
      while (at < end) {
        int next = blocks.endOf(at);
        blocks.release(at, kind);
        at = next;
      }
    }
    return -1;
  }

  /** Marks the blocks of one run; returns WHOLE, or the chunk where it stopped fitting. */
  private long markRun(long start, long chunks) {
    long end = start + chunks;
    if (start < blocks.first() || end > blocks.end() || !blocks.isHead((int) start)) {
      return start;
    }
    if (blocks.continues((int) start)) {
      return start;
    }
    for (long at = start; at < end; ) {
      int head = (int) at;
      if (!blocks.isAllocated(head) || at + (1L << blocks.order(head)) > end) {
        return at;
      }
      blocks.mark(head);
      at += 1L << blocks.order(head);
    }
    boolean cut = end < blocks.end() && blocks.continues((int) end);
    return cut ? end : WHOLE;
  }

  /**
   * Undoes {@link #markRun} for runs before {@code lastRun}, and of that run up to {@code stop}.
   */
  private void unmark(Extents extents, long origin, int lastRun, long stop) {
    for (int run = 0; run <= lastRun && run < extents.runs(); run++) {
      long at = extents.pfn(run) - origin;
      long end = run < lastRun ? at + extents.pages(run) : stop;
      while (at < end) {
        blocks.unmark((int) at);
        at = blocks.endOf((int) at);
      }
    }
  }
}
