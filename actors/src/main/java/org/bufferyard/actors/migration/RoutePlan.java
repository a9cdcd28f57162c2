package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.actors.environment.Topology;

/**
 * The regions a transfer passes and the room it needs on the way, in the order in which it is
 * acquired: nearest region first. Rebinding between a window and the region behind it needs no new
 * frames.
 */
record RoutePlan(int from, List<Integer> hops, List<Need> needs) {
  /**
   * Room in one region.
   *
   * @param frames page frames of the region; otherwise a window's budget
   */
  record Need(int region, boolean frames) {}

  /** A first allocation in {@code region}. */
  static RoutePlan place(Topology topology, int region) {
    List<Need> needs = new ArrayList<>();
    addNeeds(topology, region, Topology.NONE, needs);
    return new RoutePlan(Topology.NONE, List.of(region), needs);
  }

  /** Out of {@code from} and nowhere. */
  static RoutePlan drop(int from) {
    return new RoutePlan(from, List.of(), List.of());
  }

  /**
   * A move; without hops where no links lead there. Within one region, to other frames, it takes
   * the region's own copy engine, or goes out and back in.
   */
  static RoutePlan move(Topology topology, int from, int to) {
    if (from == to && topology.link(from, to) != Topology.NONE && !topology.isWindow(from)) {
      return new RoutePlan(from, List.of(to), List.of(new Need(to, true)));
    }
    List<Integer> hops = from == to ? outAndBack(topology, from) : topology.route(from, to);
    List<Need> needs = new ArrayList<>();
    int framesIn = topology.backing(from);
    for (int hop : hops) {
      addNeeds(topology, hop, framesIn, needs);
      framesIn = topology.backing(hop);
    }
    // Who comes back up must not hold the way out that its own victims need.
    needs.sort(Comparator.comparingInt(Need::region));
    return new RoutePlan(from, hops, needs);
  }

  private static List<Integer> outAndBack(Topology topology, int region) {
    int regions = topology.regions().size();
    for (int step = 1; step < regions; step++) {
      int out = (region + step) % regions;
      boolean bothWays =
          topology.link(region, out) != Topology.NONE
              && topology.link(out, region) != Topology.NONE;
      if (bothWays && topology.backing(out) != topology.backing(region)) {
        return List.of(out, region);
      }
    }
    return List.of();
  }

  private static void addNeeds(Topology topology, int region, int framesIn, List<Need> needs) {
    if (topology.isWindow(region)) {
      needs.add(new Need(region, false));
    }
    if (topology.backing(region) != framesIn) {
      needs.add(new Need(topology.backing(region), true));
    }
  }

  boolean possible() {
    return !hops.isEmpty();
  }

  /** Where it ends, or {@link Topology#NONE}. */
  int target() {
    return hops.isEmpty() ? Topology.NONE : hops.getLast();
  }

  /** The region before hop {@code hop}. */
  int before(int hop) {
    return hop == 0 ? from : hops.get(hop - 1);
  }
}
