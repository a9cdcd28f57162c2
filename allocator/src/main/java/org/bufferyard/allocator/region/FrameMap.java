package org.bufferyard.allocator.region;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;

/**
 * Which frames of a region are in use, run by run, and what they were asked for as: kept beside the
 * region's allocator, whichever it is, for whoever wants to make a hole. Not thread-safe; owned by
 * the region. Logarithmic in the runs for each run.
 */
public final class FrameMap {
  private final long basePfn;
  private final long pages;
  private final RangeAllocator ranges;
  private final TreeMap<Long, RangeNode> byStart = new TreeMap<>();
  private final LinkedHashMap<Long, AllocationRequest> shapes = new LinkedHashMap<>();

  /** Frames {@code [basePfn, basePfn + pages)}, none in use. */
  public FrameMap(long basePfn, long pages) {
    this.basePfn = basePfn;
    this.pages = pages;
    this.ranges = new RangeAllocator(basePfn, pages);
  }

  /** The allocator gave these for that. */
  public void taken(Extents extents, AllocationRequest request) {
    for (int run = 0; run < extents.runs(); run++) {
      switch (ranges.reserve(extents.pfn(run), extents.pages(run), 0)) {
        case Outcome.Done<RangeNode>(RangeNode node) -> byStart.put(node.start(), node);
        case Outcome.Refused<RangeNode>(var refusal) ->
            throw new IllegalStateException(refusal.toString());
      }
    }
    if (extents.runs() > 0) {
      shapes.put(extents.pfn(0), request);
    }
  }

  /** They went back, all that were taken together. */
  public void freed(Extents extents) {
    for (int run = 0; run < extents.runs(); run++) {
      ranges.remove(node(extents.pfn(run)));
      byStart.remove(extents.pfn(run));
    }
    if (extents.runs() > 0) {
      shapes.remove(extents.pfn(0));
    }
  }

  /** The run in use that starts at {@code pfn}. */
  RangeNode node(long pfn) {
    RangeNode node = byStart.get(pfn);
    if (node == null) {
      throw new IllegalStateException("no run in use starts at frame " + pfn);
    }
    return node;
  }

  /** The runs in use, lowest first. */
  List<RangeNode> inUse() {
    return List.copyOf(byStart.values());
  }

  /**
   * What to ask for to put the contents of {@code extents} elsewhere: as their owner did, and in
   * one run where they are in one, since somebody may count on it by now.
   */
  public AllocationRequest shapeOf(Extents extents) {
    AllocationRequest asked = shapes.get(extents.pfn(0));
    AllocationRequest shape = asked == null ? AllocationRequest.of(extents.totalPages()) : asked;
    return extents.contiguous() ? shape.asContiguous() : shape;
  }

  /** Begins the search for residents that lie in the way of {@code wanted}, one run of frames. */
  public RangeHunt hunt(AllocationRequest wanted) {
    return new RangeHunt(this, ranges.scan(Requests.asRange(wanted)));
  }

  long basePfn() {
    return basePfn;
  }

  long endPfn() {
    return basePfn + pages;
  }
}
