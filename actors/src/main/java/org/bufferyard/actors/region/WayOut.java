package org.bufferyard.actors.region;

import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.allocator.Pages;

/**
 * What it costs to move victims out of a region: all hops of the way, one after the other.
 *
 * @param bytesPerSecond 0 where nothing is copied
 */
record WayOut(long latencyNanos, double bytesPerSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** To where victims go; those that are dropped, or go nowhere, cost nothing. */
  static WayOut of(Topology topology, int region) {
    int target = topology.evictsTo(region);
    long latencyNanos = 0;
    double secondsPerByte = 0;
    int at = region;
    for (int hop : target < 0 ? List.<Integer>of() : topology.route(region, target)) {
      Topology.LinkPlace link = topology.links().get(topology.link(at, hop));
      latencyNanos += link.latencyNanos();
      boolean rebinds = topology.backing(at) == topology.backing(hop);
      secondsPerByte += rebinds ? 0 : 1.0 / link.bytesPerSecond();
      at = hop;
    }
    return new WayOut(latencyNanos, secondsPerByte == 0 ? 0 : 1 / secondsPerByte);
  }

  long nanos(long pages) {
    return bytesPerSecond == 0
        ? latencyNanos
        : latencyNanos + (long) (Pages.toBytes(pages) * NANOS_PER_SECOND / bytesPerSecond);
  }
}
