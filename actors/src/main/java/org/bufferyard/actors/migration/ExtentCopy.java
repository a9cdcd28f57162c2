package org.bufferyard.actors.migration;

import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.Extents;

/** A copy under way between two extents of equal size, resumable at any page. */
final class ExtentCopy {
  static final ExtentCopy NOTHING = new ExtentCopy(Extents.NONE, Extents.NONE);

  private final Extents from;
  private final Extents to;
  private int fromRun;
  private long fromOffset;
  private int toRun;
  private long toOffset;
  private long remainingPages;

  ExtentCopy(Extents from, Extents to) {
    if (from.totalPages() != to.totalPages()) {
      throw new IllegalArgumentException(
          "sizes differ, from=" + from.totalPages() + ", to=" + to.totalPages());
    }
    this.from = from;
    this.to = to;
    this.remainingPages = from.totalPages();
  }

  long remainingPages() {
    return remainingPages;
  }

  /** Copies the next {@code pages} pages, or what is left of them. */
  void advance(PhysicalMemory memory, long pages) {
    long left = Math.min(pages, remainingPages);
    remainingPages -= left;
    while (left > 0) {
      long piece =
          Math.min(left, Math.min(from.pages(fromRun) - fromOffset, to.pages(toRun) - toOffset));
      memory.copy(from.pfn(fromRun) + fromOffset, to.pfn(toRun) + toOffset, piece);
      step(piece);
      left -= piece;
    }
  }

  private void step(long piece) {
    fromOffset += piece;
    if (fromOffset == from.pages(fromRun)) {
      fromRun++;
      fromOffset = 0;
    }
    toOffset += piece;
    if (toOffset == to.pages(toRun)) {
      toRun++;
      toOffset = 0;
    }
  }
}
