package org.bufferyard.allocator.region;

import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * A fixed, reserved region given out in contiguous runs, first fit. Not thread-safe; owned by the
 * region. Model of a carve-out heap: every buffer is one run whether it asked for that or not.
 */
public final class CarveOutAllocator implements RegionAllocator {
  private final RangeAllocator frames;
  private final TreeMap<Long, RangeNode> runsByPfn = new TreeMap<>();
  private final long pages;
  private long freePages;

  /** Frames {@code [basePfn, basePfn + pages)}, all free. */
  public CarveOutAllocator(long basePfn, long pages) {
    frames = new RangeAllocator(basePfn, pages);
    this.pages = pages;
    freePages = pages;
  }

  @Override
  public Outcome<Extents> allocate(AllocationRequest request) {
    if (Requests.malformed(request)) {
      return Requests.refuse(request);
    }
    return switch (frames.insert(Requests.asRange(request))) {
      case Outcome.Done<RangeNode>(RangeNode node) -> {
        runsByPfn.put(node.start(), node);
        freePages -= node.size();
        yield Outcome.done(Extents.of(node.start(), node.size()));
      }
      case Outcome.Refused<RangeNode> refused -> Requests.full(request.asContiguous(), this);
    };
  }

  /** As the contract says; here every run is a whole allocation, and one run is freed at a time. */
  @Override
  public Outcome<Extents> free(Extents extents) {
    for (int run = 0; run < extents.runs(); run++) {
      RangeNode node = runsByPfn.get(extents.pfn(run));
      if (node == null || node.size() != extents.pages(run) || namedBefore(extents, run)) {
        return Outcome.refused(
            Errno.EINVAL,
            "frame " + extents.pfn(run) + " does not start an allocated run, freeing " + extents);
      }
    }
    for (int run = 0; run < extents.runs(); run++) {
      RangeNode node = runsByPfn.remove(extents.pfn(run));
      if (node != null) {
        frames.remove(node);
        freePages += node.size();
      }
    }
    return Outcome.done(Extents.NONE);
  }

  private static boolean namedBefore(Extents extents, int run) {
    for (int before = 0; before < run; before++) {
      if (extents.pfn(before) == extents.pfn(run)) {
        return true;
      }
    }
    return false;
  }

  /** Some allocated run covers {@code pfn}. */
  boolean covers(long pfn) {
    Map.Entry<Long, RangeNode> below = runsByPfn.floorEntry(pfn);
    return below != null && pfn < below.getValue().end();
  }

  @Override
  public long freePages() {
    return freePages;
  }

  @Override
  public long totalPages() {
    return pages;
  }

  @Override
  public long largestFreePages() {
    return frames.largestHole();
  }
}
