package org.bufferyard.allocator.region;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.allocator.Extents;

/**
 * Residents offered in the order of eviction, until those offered and the holes between them make
 * one run of the size wanted; only those that lie in that run have to go. Used once, to its end.
 * Model of the eviction scan in {@code i915_gem_evict_something}.
 */
public final class RangeHunt {
  private final FrameMap frames;
  private final EvictScan scan;
  private final List<RangeNode> nodes = new ArrayList<>();
  private final List<Integer> owners = new ArrayList<>();
  private boolean found;

  RangeHunt(FrameMap frames, EvictScan scan) {
    this.frames = frames;
    this.scan = scan;
  }

  /** Offers a resident on these frames of the region; true once there is a run. */
  public boolean offer(int id, Extents extents) {
    for (int run = 0; run < extents.runs() && !found; run++) {
      RangeNode node = frames.node(extents.pfn(run));
      nodes.add(node);
      owners.add(id);
      found = scan.add(node);
    }
    return found;
  }

  /** Ends the search: the residents in the way, first offered first; none if there is no run. */
  public List<Integer> end() {
    LinkedHashSet<Integer> newestFirst = new LinkedHashSet<>();
    for (int at = nodes.size() - 1; at >= 0; at--) {
      if (scan.remove(nodes.get(at))) {
        newestFirst.add(owners.get(at));
      }
    }
    return found ? List.copyOf(newestFirst).reversed() : List.of();
  }
}
