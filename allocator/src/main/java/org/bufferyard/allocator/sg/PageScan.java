package org.bufferyard.allocator.sg;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Pages;

/**
 * Turns page frames into segments page by page. Three loops for three shapes of list, since what
 * costs is the branch that a run's end takes: one for runs, one for frames that all stand alone,
 * one without any such branch for the four pages of a small buffer. Each has few variables, because
 * C2 spills where there are more than thirteen registers. Not thread-safe; owned by its builder.
 */
final class PageScan {
  /** After so many pages, and twice as many each time, the loop is chosen anew by the runs seen. */
  private static final int CHUNK_PAGES = 64;

  private static final int CHUNK_PAGES_MAX = 1 << 16;

  /** Pages of {@link #small}. */
  static final int SMALL_PAGES = 4;

  /** Pages of one step of {@link #scanAlone}. */
  private static final int STEP = 8;

  private final SegmentColumns columns;

  /** First page of the run that is open; its slot is {@code columns.nents}. */
  private int openPage;

  private long frameBits;

  PageScan(SegmentColumns columns) {
    this.columns = columns;
  }

  /**
   * Appends the frames {@code pfns[first]} to {@code pfns[end - 1]}; they do not continue the list.
   * Returns a union of frames among which one that is out of range shows; the frames after runs may
   * be among them.
   */
  long append(long[] pfns, int first, int end) {
    int before = columns.nents;
    long unstoredBefore = columns.unstored;
    columns.ensure(before + (end - first) + 1);
    boolean crossed = scan(pfns, first, end);
    columns.addressBits |= (frameBits << Pages.SHIFT) | Pages.OFFSET_MASK;
    if (crossed) {
      columns.nents = before;
      columns.unstored = unstoredBefore;
      cut(pfns, first, end);
    }
    return frameBits;
  }

  /**
   * Four pages into an empty list; returns the union of the frames. One run is told apart at once;
   * otherwise slots are numbered by adding up run ends. Lengths are written first page first, so
   * that a slot keeps the length up to its last page; addresses last page first, so that it keeps
   * the first page of its run.
   */
  static long small(SegmentColumns columns, long[] pfns, int first) {
    long pfn0 = pfns[first];
    long pfn1 = pfns[first + 1];
    long pfn2 = pfns[first + 2];
    long pfn3 = pfns[first + 3];
    long[] addresses = columns.addresses;
    int[] lengths = columns.lengths;
    if (((pfn1 - pfn0 ^ 1) | (pfn2 - pfn0 ^ 2) | (pfn3 - pfn0 ^ 3)) == 0) {
      addresses[0] = pfn0 << Pages.SHIFT;
      lengths[0] = SMALL_PAGES << Pages.SHIFT;
      columns.nents = 1;
      return pfn0 | pfn3;
    }
    lengths[0] = 1 << Pages.SHIFT;
    int slot1 = breaks(pfn0, pfn1);
    int pages = 2 - slot1;
    lengths[slot1] = pages << Pages.SHIFT;
    int breaks2 = breaks(pfn1, pfn2);
    int slot2 = slot1 + breaks2;
    pages = 1 + (pages & (breaks2 - 1));
    lengths[slot2] = pages << Pages.SHIFT;
    int breaks3 = breaks(pfn2, pfn3);
    int slot3 = slot2 + breaks3;
    pages = 1 + (pages & (breaks3 - 1));
    lengths[slot3] = pages << Pages.SHIFT;
    columns.nents = slot3 + 1;
    addresses[slot3] = pfn3 << Pages.SHIFT;
    addresses[slot2] = pfn2 << Pages.SHIFT;
    addresses[slot1] = pfn1 << Pages.SHIFT;
    addresses[0] = pfn0 << Pages.SHIFT;
    return pfn0 | pfn1 | pfn2 | pfn3;
  }

  /** 1 where {@code pfn} does not continue {@code before}, else 0, without a branch. */
  private static int breaks(long before, long pfn) {
    long differing = pfn - before - 1;
    return (int) ((differing | -differing) >>> (Long.SIZE - 1));
  }

  /**
   * Whether a page of {@link #small} after the first starts a new stretch between boundaries, so
   * that a run might cross into it.
   */
  static boolean mayCross(SegmentColumns columns, long[] pfns, int first) {
    long boundaryMask = columns.boundaryMask;
    return boundaryMask != DmaConstraints.NO_BOUNDARY
        && (((pfns[first + 1] << Pages.SHIFT) & boundaryMask) == 0
            || ((pfns[first + 2] << Pages.SHIFT) & boundaryMask) == 0
            || ((pfns[first + 3] << Pages.SHIFT) & boundaryMask) == 0);
  }

  /** Whether a segment made crosses the boundary. */
  private boolean scan(long[] pfns, int first, int end) {
    openPage = first;
    frameBits = pfns[first] | pfns[end - 1];
    boolean alone = false;
    boolean crossed = false;
    int chunk = CHUNK_PAGES;
    for (int page = first + 1; page < end; ) {
      if (alone && openPage == page - 1) {
        page = scanAlone(pfns, page, end);
      }
      int before = columns.nents;
      int stop = page + Math.min(end - page, chunk);
      page = scanRuns(pfns, page, stop);
      crossed |= columns.crossesFrom(before);
      if (page < stop) {
        page = runEnd(pfns, page - 1, end);
        columns.placeRun(pfns[openPage], page - openPage);
        openPage = page++;
      }
      alone = columns.nents - before >= chunk - chunk / 8;
      chunk = Math.min(2 * chunk, CHUNK_PAGES_MAX);
    }
    if (openPage < end) {
      columns.placeRun(pfns[openPage], end - openPage);
    }
    return crossed;
  }

  /**
   * Scans until {@code stop}, or until the open run might pass the segment limit; returns where.
   * Segments [0, nents) are closed and cover the pages before {@code start}; slot {@code nents} has
   * the address of the run that started there. Written out for a step, since C2 does not unroll a
   * loop with branches: that makes a page of a run a comparison and a branch not taken, and the
   * method too long to be inlined, so that the registers are its own.
   */
  private int scanRuns(long[] pfns, int from, int stop) {
    long[] addresses = columns.addresses;
    int[] lengths = columns.lengths;
    int maxPages = columns.maxSegmentPages;
    int nents = columns.nents;
    int start = openPage;
    long bits = frameBits;
    long next;
    long pfn;
    int page = from;
    addresses[nents] = pfns[start] << Pages.SHIFT;
    for (; page <= stop - STEP; page += STEP) {
      if (page + STEP - start > maxPages) {
        break;
      }
      next = pfns[page - 1] + 1;
      pfn = pfns[page];
      if (pfn != next) {
        lengths[nents++] = (page - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page;
      }
      next = pfns[page] + 1;
      pfn = pfns[page + 1];
      if (pfn != next) {
        lengths[nents++] = (page + 1 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 1;
      }
      next = pfns[page + 1] + 1;
      pfn = pfns[page + 2];
      if (pfn != next) {
        lengths[nents++] = (page + 2 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 2;
      }
      next = pfns[page + 2] + 1;
      pfn = pfns[page + 3];
      if (pfn != next) {
        lengths[nents++] = (page + 3 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 3;
      }
      next = pfns[page + 3] + 1;
      pfn = pfns[page + 4];
      if (pfn != next) {
        lengths[nents++] = (page + 4 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 4;
      }
      next = pfns[page + 4] + 1;
      pfn = pfns[page + 5];
      if (pfn != next) {
        lengths[nents++] = (page + 5 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 5;
      }
      next = pfns[page + 5] + 1;
      pfn = pfns[page + 6];
      if (pfn != next) {
        lengths[nents++] = (page + 6 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 6;
      }
      next = pfns[page + 6] + 1;
      pfn = pfns[page + 7];
      if (pfn != next) {
        lengths[nents++] = (page + 7 - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page + 7;
      }
    }
    for (; page < stop && page + 1 - start <= maxPages; page++) {
      next = pfns[page - 1] + 1;
      pfn = pfns[page];
      if (pfn != next) {
        lengths[nents++] = (page - start) << Pages.SHIFT;
        addresses[nents] = pfn << Pages.SHIFT;
        bits |= next | pfn;
        start = page;
      }
    }
    columns.nents = nents;
    openPage = start;
    frameBits = bits;
    return page;
  }

  /**
   * Scans whole steps, each of whose frames ends the run of the frame before it; returns where it
   * stopped. The frame before {@code from} is a run's first.
   */
  private int scanAlone(long[] pfns, int from, int end) {
    long[] addresses = columns.addresses;
    int[] lengths = columns.lengths;
    int nents = columns.nents;
    long bits = frameBits;
    int page = from;
    for (; page <= end - STEP; page += STEP) {
      if (pfns[page] == pfns[page - 1] + 1
          || pfns[page + 1] == pfns[page] + 1
          || pfns[page + 2] == pfns[page + 1] + 1
          || pfns[page + 3] == pfns[page + 2] + 1
          || pfns[page + 4] == pfns[page + 3] + 1
          || pfns[page + 5] == pfns[page + 4] + 1
          || pfns[page + 6] == pfns[page + 5] + 1
          || pfns[page + 7] == pfns[page + 6] + 1) {
        break;
      }
      for (int at = 0; at < STEP; at++) {
        long pfn = pfns[page + at - 1];
        addresses[nents + at] = pfn << Pages.SHIFT;
        lengths[nents + at] = 1 << Pages.SHIFT;
        bits |= pfn;
      }
      nents += STEP;
    }
    columns.nents = nents;
    openPage = page - 1;
    frameBits = bits;
    return page;
  }

  /** Run by run, each cut at limit and boundary. */
  private void cut(long[] pfns, int first, int end) {
    for (int start = first; start < end; ) {
      int next = runEnd(pfns, start, end);
      columns.placeRun(pfns[start], next - start);
      start = next;
    }
  }

  /** The first page after {@code start} that does not continue it, or {@code end}. */
  static int runEnd(long[] pfns, int start, int end) {
    int next = start + 1;
    while (next < end && pfns[next] == pfns[next - 1] + 1) {
      next++;
    }
    return next;
  }
}
