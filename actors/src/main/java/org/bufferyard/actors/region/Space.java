package org.bufferyard.actors.region;

import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.RegionAllocator;

/** The room of one region: page frames of its own, or a window's budget onto another's. */
public interface Space {
  Outcome<Extents> reserve(AllocationRequest request);

  void free(Extents extents, long pages);

  long usedPages();

  long capacityPages();

  /** The longest run of free frames; of a budget, what is left of it. */
  long largestFreePages();

  /** Page frames, by an allocator. */
  record Frames(RegionAllocator allocator) implements Space {
    @Override
    public Outcome<Extents> reserve(AllocationRequest request) {
      return allocator.allocate(request);
    }

    @Override
    public void free(Extents extents, long pages) {
      if (allocator.free(extents) instanceof Outcome.Refused<Extents>(var refusal)) {
        throw new IllegalStateException(refusal.toString());
      }
    }

    @Override
    public long usedPages() {
      return allocator.totalPages() - allocator.freePages();
    }

    @Override
    public long capacityPages() {
      return allocator.totalPages();
    }

    @Override
    public long largestFreePages() {
      return allocator.largestFreePages();
    }
  }

  /** A budget of pages that lie in another region. */
  final class Window implements Space {
    private final String name;
    private final long capacityPages;
    private long usedPages;

    public Window(String name, long capacityPages) {
      this.name = name;
      this.capacityPages = capacityPages;
    }

    @Override
    public Outcome<Extents> reserve(AllocationRequest request) {
      if (request.pages() > capacityPages - usedPages) {
        return Outcome.refused(
            Errno.ENOSPC,
            name
                + " window has "
                + (capacityPages - usedPages)
                + " pages free, asked "
                + request.pages());
      }
      usedPages += request.pages();
      return Outcome.done(Extents.NONE);
    }

    @Override
    public void free(Extents extents, long pages) {
      if (pages > usedPages) {
        throw new IllegalStateException(
            name + " window: freed " + pages + " pages, used " + usedPages);
      }
      usedPages -= pages;
    }

    @Override
    public long usedPages() {
      return usedPages;
    }

    @Override
    public long capacityPages() {
      return capacityPages;
    }

    @Override
    public long largestFreePages() {
      return capacityPages - usedPages;
    }
  }
}
