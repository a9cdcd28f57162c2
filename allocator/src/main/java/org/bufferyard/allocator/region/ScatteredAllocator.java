package org.bufferyard.allocator.region;

import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * The system heap: ordinary memory, given out in blocks of 1 MiB, then 64 KiB, then single pages,
 * from all over the region. Not thread-safe; owned by the region. Model of {@code
 * system_heap_allocate}, {@code drivers/dma-buf/heaps/system_heap.c}.
 *
 * <p>Where the region was made fragmented, the rest of the system holds some pages for good and
 * blocks are picked at drawn places, so that extents look like those of a machine that has run for
 * a while. The same seed and the same requests give the same extents.
 */
public final class ScatteredAllocator implements RegionAllocator {
  /** The block orders of the system heap: 8, 4 and 0. */
  static final int ORDERS = (1 << 8) | (1 << 4) | 1;

  /** Most of a region that the rest of the system may hold. */
  public static final int HELD_PERCENT_MAX = 90;

  private final BuddyAllocator buddy;
  private final long basePfn;
  private final FreeBitmap held;
  private long heldPages;

  private ScatteredAllocator(BuddyAllocator buddy, long basePfn) {
    this.buddy = buddy;
    this.basePfn = basePfn;
    held = new FreeBitmap(Math.toIntExact(buddy.totalPages()));
  }

  /** An unfragmented heap that picks the lowest block that fits. */
  public static ScatteredAllocator whole(long basePfn, long pages) {
    return new ScatteredAllocator(new BuddyAllocator(basePfn, pages, ORDERS, null), basePfn);
  }

  /**
   * A heap of {@code pages} frames of which {@code heldPercent} (0 to {@value #HELD_PERCENT_MAX})
   * are not available, single pages at drawn places. {@code random} belongs to the heap from here.
   */
  public static ScatteredAllocator fragmented(
      long basePfn, long pages, int heldPercent, RandomGenerator random) {
    if (heldPercent < 0 || heldPercent > HELD_PERCENT_MAX) {
      throw new IllegalArgumentException("heldPercent must be 0 to 90, heldPercent=" + heldPercent);
    }
    ScatteredAllocator heap =
        new ScatteredAllocator(new BuddyAllocator(basePfn, pages, ORDERS, random), basePfn);
    for (long page = 0; page < pages * heldPercent / 100; page++) {
      heap.hold(random.nextLong(pages));
    }
    return heap;
  }

  /** Takes away the page at {@code index}, or the nearest free one above it, or any. */
  private void hold(long index) {
    AllocationRequest page = AllocationRequest.of(1);
    long pfn = basePfn + index;
    long pageHeld = taken(page.within(pfn, pfn));
    if (pageHeld < 0) {
      pageHeld = taken(page.within(pfn, Long.MAX_VALUE));
    }
    held.add((int) ((pageHeld < 0 ? taken(page) : pageHeld) - basePfn));
    heldPages++;
  }

  private long taken(AllocationRequest page) {
    return switch (buddy.allocate(page)) {
      case Outcome.Done<Extents>(Extents extents) -> extents.pfn(0);
      case Outcome.Refused<Extents> refused -> -1;
    };
  }

  @Override
  public Outcome<Extents> allocate(AllocationRequest request) {
    return buddy.allocate(request);
  }

  @Override
  public Outcome<Extents> free(Extents extents) {
    for (int run = 0; run < extents.runs(); run++) {
      long start = Math.max(0, extents.pfn(run) - basePfn);
      int page = start < buddy.totalPages() ? held.next((int) start) : -1;
      if (page >= 0 && page + basePfn - extents.pfn(run) < extents.pages(run)) {
        return Outcome.refused(
            Errno.EINVAL,
            "frame " + (page + basePfn) + " is held by the system, freeing " + extents);
      }
    }
    return buddy.free(extents);
  }

  @Override
  public long freePages() {
    return buddy.freePages();
  }

  /** The pages of the region less those that the rest of the system holds. */
  @Override
  public long totalPages() {
    return buddy.totalPages() - heldPages;
  }

  @Override
  public long largestFreePages() {
    return buddy.largestFreePages();
  }
}
