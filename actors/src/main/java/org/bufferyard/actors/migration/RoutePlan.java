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
    return along(
        topology, from, from == to ? outAndBack(topology, from) : topology.route(from, to));
  }

  /**
   * A move between a window and the region behind it, or windows on one region, to other frames:
   * out of them all and in again, over as few regions as can be, the furthest rather than a near
   * one.
   */
  static RoutePlan reframe(Topology topology, int from, int to) {
    List<Integer> best = List.of();
    for (int out = topology.regions().size() - 1; out >= 0; out--) {
      if (topology.backing(out) == topology.backing(from)) {
        continue;
      }
      List<Integer> there = topology.route(from, out);
      List<Integer> back = topology.route(out, to);
      int hops = there.size() + back.size();
      boolean possible = !there.isEmpty() && !back.isEmpty();
      if (possible && (best.isEmpty() || hops < best.size())) {
        best = new ArrayList<>(there);
        best.addAll(back);
      }
    }
    return along(topology, from, best);
  }

  private static RoutePlan along(Topology topology, int from, List<Integer> hops) {
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
      addOnce(new Need(region, false), needs);
    }
    if (topology.backing(region) != framesIn) {
      addOnce(new Need(topology.backing(region), true), needs);
    }
  }

  /** Who passes a region twice has its room once. */
  private static void addOnce(Need need, List<Need> needs) {
    if (!needs.contains(need)) {
      needs.add(need);
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
