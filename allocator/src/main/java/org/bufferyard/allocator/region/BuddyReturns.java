package org.bufferyard.allocator.region;

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

  /** Whether the {@code 2^order} chunks from {@code start} on are one block and all of a run. */
  boolean isWhole(long start, int order) {
    long end = start + (1L << order);
    return start >= blocks.first()
        && end <= blocks.end()
        && blocks.isWhole((int) start, order)
        && (end == blocks.end() || !blocks.continues((int) end));
  }

  /**
   * Frees {@code runs}, frames counted from {@code origin}, as {@code kind}. Returns -1, or the
   * frame at which a run is not what was allocated, and then frees nothing.
   */
  long release(BlockList runs, long origin, int kind) {
    for (int run = 0; run < runs.runs(); run++) {
      long stop = markRun(runs.pfn(run) - origin, runs.pages(run));
      if (stop != WHOLE) {
        unmark(runs, origin, run, stop);
        return origin + stop;
      }
    }
    unmark(runs, origin, runs.runs(), 0);
    for (int run = 0; run < runs.runs(); run++) {
      int at = (int) (runs.pfn(run) - origin);
      int end = at + (int) runs.pages(run);
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
  private void unmark(BlockList runs, long origin, int lastRun, long stop) {
    for (int run = 0; run <= lastRun && run < runs.runs(); run++) {
      long at = runs.pfn(run) - origin;
      long end = run < lastRun ? at + runs.pages(run) : stop;
      while (at < end) {
        blocks.unmark((int) at);
        at = blocks.endOf((int) at);
      }
    }
  }
}
