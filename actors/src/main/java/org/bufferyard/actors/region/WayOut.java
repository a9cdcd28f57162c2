package org.bufferyard.actors.region;

import org.bufferyard.actors.environment.Topology;
import org.bufferyard.allocator.Pages;

/**
 * What it costs to move victims out of a region.
 *
 * @param bytesPerSecond 0 where nothing is copied
 */
record WayOut(long latencyNanos, long bytesPerSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Over the link to where victims go; the last region's go nowhere, at no cost. */
  static WayOut of(Topology topology, int region) {
    int target = topology.evictsTo(region);
    if (target == Topology.NONE) {
      return new WayOut(0, 0);
    }
    Topology.LinkPlace link = topology.links().get(topology.link(region, target));
    boolean rebinds = topology.backing(region) == topology.backing(target);
    return new WayOut(link.latencyNanos(), rebinds ? 0 : link.bytesPerSecond());
  }

  long nanos(long pages) {
    return bytesPerSecond == 0
        ? latencyNanos
        : latencyNanos + (long) (Pages.toBytes(pages) * NANOS_PER_SECOND / bytesPerSecond);
  }
}
