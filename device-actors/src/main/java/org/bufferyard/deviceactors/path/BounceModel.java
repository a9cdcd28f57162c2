package org.bufferyard.deviceactors.path;

import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.bounce.BounceMapper;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.bounce.CopyMemory;
import org.bufferyard.allocator.sg.SgTable;

/**
 * A device without IOMMU that reaches what lies above its mask through the bounce pool, and the
 * rest straight.
 */
final class BounceModel extends CopyingModel {
  /** {@code DMA_ATTR_SKIP_CPU_SYNC}: the fence of a job is what says when to copy. */
  private static final CopyMemory SKIP_SYNC = (from, to, bytes) -> {};

  private final BouncePool pool;
  private final BounceMapper mapper;
  private final CopyMemory copier;
  private long poolPages;

  BounceModel(PhysicalMemory memory, BouncePool pool) {
    super(memory);
    this.pool = pool;
    this.mapper = new BounceMapper(pool);
    this.copier =
        (from, to, bytes) ->
            memory.copy(from >>> Pages.SHIFT, to >>> Pages.SHIFT, Pages.ofBytes(bytes));
  }

  @Override
  public Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints) {
    Outcome<SgTable> outcome =
        mapper.map(pages, 0, Pages.toBytes(pages.totalPages()), direction, constraints, SKIP_SYNC);
    if (outcome instanceof Outcome.Done<SgTable>(SgTable view)) {
      poolPages += pagesInPool(view);
    }
    return opened(outcome, pages, direction);
  }

  private long pagesInPool(SgTable view) {
    long pages = 0;
    for (int segment = 0; segment < view.nents(); segment++) {
      pages += pool.contains(view.address(segment)) ? Pages.ofBytes(view.lengthBytes(segment)) : 0;
    }
    return pages;
  }

  @Override
  void close(SgTable view, DmaDirection direction) {
    if (mapper.unmap(view, direction, SKIP_SYNC) instanceof Outcome.Refused<?>(var refusal)) {
      throw new IllegalStateException("unmap of a live mapping refused: " + refusal);
    }
    poolPages -= pagesInPool(view);
  }

  @Override
  long copy(SgTable view, Extents origin, long first, long pages, boolean toDevice) {
    long copied = 0;
    long page = 0;
    for (int segment = 0; segment < view.nents() && page < first + pages; segment++) {
      long inSegment = Pages.ofBytes(view.lengthBytes(segment));
      long from = Math.max(page, first);
      long count = Math.min(page + inSegment, first + pages) - from;
      if (count > 0 && pool.contains(view.address(segment))) {
        sync(view.address(segment), from - page, count, toDevice);
        copied += Pages.toBytes(count);
      }
      page += inSegment;
    }
    return copied;
  }

  private void sync(long bounced, long firstPage, long pages, boolean toDevice) {
    long status =
        pool.sync(bounced, Pages.toBytes(firstPage), Pages.toBytes(pages), toDevice, copier);
    if (status < 0) {
      throw new IllegalStateException("sync of a live mapping refused: " + pool.refusal());
    }
  }

  @Override
  public Holdings holdings() {
    return new Holdings(viewCount(), poolPages, 0);
  }
}
