package org.bufferyard.actors.region;

import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.FrameMap;

/** Page frames whose runs in use are written down, so that holes can be made among them. */
final class MappedSpace implements Space {
  private final Space frames;
  private final FrameMap map;

  MappedSpace(Space frames, long basePfn) {
    this.frames = frames;
    this.map = new FrameMap(basePfn, frames.capacityPages());
  }

  FrameMap map() {
    return map;
  }

  @Override
  public Outcome<Extents> reserve(AllocationRequest request) {
    Outcome<Extents> reserved = frames.reserve(request);
    if (reserved instanceof Outcome.Done<Extents>(Extents extents)) {
      map.taken(extents, request);
    }
    return reserved;
  }

  @Override
  public void free(Extents extents, long pages) {
    frames.free(extents, pages);
    map.freed(extents);
  }

  @Override
  public long usedPages() {
    return frames.usedPages();
  }

  @Override
  public long capacityPages() {
    return frames.capacityPages();
  }

  @Override
  public long largestFreePages() {
    return frames.largestFreePages();
  }
}
