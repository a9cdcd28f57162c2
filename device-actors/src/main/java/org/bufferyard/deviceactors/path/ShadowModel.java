package org.bufferyard.deviceactors.path;

import java.util.LinkedHashMap;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;

/**
 * The CPU copies: the device works on a shadow of the buffer in staging memory of its own, as a USB
 * leaf whose driver copies, or a device that wants another order of pages.
 */
final class ShadowModel extends CopyingModel {
  /** A tile of the re-tiled order is this many pages wide in the buffer. */
  static final int TILE_COLUMNS = 4;

  private final BuddyAllocator staging;
  private final boolean retiles;
  private final SgBuilder segments = new SgBuilder();
  private final LinkedHashMap<SgTable, Extents> shadows = new LinkedHashMap<>();

  /**
   * A device with {@code pages} frames of staging memory from {@code basePfn}.
   *
   * @param retiles the shadow has the pages column by column, of rows of {@link #TILE_COLUMNS}
   */
  ShadowModel(PhysicalMemory memory, long basePfn, long pages, boolean retiles) {
    super(memory);
    this.staging = new BuddyAllocator(basePfn, pages);
    this.retiles = retiles;
  }

  /** ENOSPC where staging memory is full; otherwise as a direct mapping of the shadow. */
  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    AllocationRequest request =
        AllocationRequest.of(pages.totalPages()).asContiguous().alignedTo(alignPages(constraints));
    return switch (staging.allocate(request)) {
      case Outcome.Refused<Extents>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<Extents>(Extents shadow) ->
          opened(view(shadow, constraints), pages, direction);
    };
  }

  private static long alignPages(DmaConstraints constraints) {
    return Pages.ofBytes(constraints.alignBytes());
  }

  private Outcome<SgTable> view(Extents shadow, DmaConstraints constraints) {
    int status = segments.start(constraints.maxSegmentBytes(), constraints.boundaryMask());
    for (long page = 0; status >= 0 && page < shadow.totalPages(); page++) {
      long place = shadow.pfn(0) + place(page, shadow.totalPages());
      segments.appendRange(place << Pages.SHIFT, Pages.SIZE_BYTES);
    }
    status = status < 0 ? status : segments.finish(constraints);
    if (status < 0) {
      staging.free(shadow);
      return Outcome.refused(segments.refusal());
    }
    SgTable view = segments.table();
    shadows.put(view, shadow);
    return Outcome.done(view);
  }

  /** Where in the shadow a page of the buffer lies. */
  private long place(long page, long pages) {
    if (!retiles || pages % TILE_COLUMNS != 0) {
      return page;
    }
    long rows = pages / TILE_COLUMNS;
    return page % TILE_COLUMNS * rows + page / TILE_COLUMNS;
  }

  private Extents shadowOf(SgTable view) {
    Extents shadow = shadows.get(view);
    if (shadow == null) {
      throw new IllegalStateException("no shadow of " + view);
    }
    return shadow;
  }

  @Override
  void close(SgTable view, DmaDirection direction) {
    staging.free(shadowOf(view));
    shadows.remove(view);
  }

  @Override
  long copy(SgTable view, Extents origin, long first, long pages, boolean toDevice) {
    Extents shadow = shadowOf(view);
    long page = 0;
    for (int run = 0; run < origin.runs() && page < first + pages; run++) {
      long end = Math.min(page + origin.pages(run), first + pages);
      for (long each = Math.max(page, first); each < end; each++) {
        long frame = origin.pfn(run) + each - page;
        long copy = shadow.pfn(0) + place(each, shadow.totalPages());
        memory.copy(toDevice ? frame : copy, toDevice ? copy : frame, 1);
      }
      page += origin.pages(run);
    }
    return Pages.toBytes(pages);
  }

  @Override
  public Holdings holdings() {
    return new Holdings(viewCount(), staging.totalPages() - staging.freePages(), 0);
  }
}
