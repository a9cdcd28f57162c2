package org.bufferyard.actors.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.junit.jupiter.api.Test;

/** The way to other frames of the same region: VRAM, GTT as a window of SYSTEM, SYSTEM, SWAP. */
class RoutePlanTest {
  private static final int VRAM = 0;
  private static final int GTT = 1;
  private static final int SYSTEM = 2;
  private static final int SWAP = 3;

  private static Topology linked(int... pairs) {
    List<Topology.LinkPlace> links = new ArrayList<>();
    for (int at = 0; at < pairs.length; at += 2) {
      links.add(new Topology.LinkPlace(pairs[at], pairs[at + 1], 1 << 30, 0));
      links.add(new Topology.LinkPlace(pairs[at + 1], pairs[at], 1 << 30, 0));
    }
    return new Topology(
        List.of(
            new Topology.RegionPlace("VRAM", 1000, 100, Topology.NONE, false),
            new Topology.RegionPlace("GTT", 0, 100, SYSTEM, false),
            new Topology.RegionPlace("SYSTEM", 0, 100, Topology.NONE, false),
            new Topology.RegionPlace("SWAP", 2000, 100, Topology.NONE, true)),
        links);
  }

  @Test
  void move_toAWindowOfItsRegion_takesNoFrames() {
    RoutePlan plan = RoutePlan.move(linked(VRAM, GTT, GTT, SYSTEM), SYSTEM, GTT);
    assertThat(plan.hops()).containsExactly(GTT);
    assertThat(plan.needs()).containsExactly(new RoutePlan.Need(GTT, false));
  }

  @Test
  void reframe_toAWindowOfItsRegion_goesOutTheFurthestOfEquallyShortWays() {
    RoutePlan plan = RoutePlan.reframe(linked(VRAM, GTT, GTT, SYSTEM, SYSTEM, SWAP), SYSTEM, GTT);
    assertThat(plan.hops()).containsExactly(SWAP, SYSTEM, GTT);
    assertThat(plan.needs())
        .containsExactly(
            new RoutePlan.Need(GTT, false),
            new RoutePlan.Need(SYSTEM, true),
            new RoutePlan.Need(SWAP, true));
  }

  @Test
  void reframe_passingTheWindowTwice_hasItsRoomOnce() {
    RoutePlan plan = RoutePlan.reframe(linked(VRAM, GTT, GTT, SYSTEM), SYSTEM, GTT);
    assertThat(plan.hops()).containsExactly(GTT, VRAM, GTT);
    assertThat(plan.needs())
        .containsExactly(
            new RoutePlan.Need(VRAM, true),
            new RoutePlan.Need(GTT, false),
            new RoutePlan.Need(SYSTEM, true));
  }

  @Test
  void reframe_withNowhereElseToGo_isImpossible() {
    assertThat(RoutePlan.reframe(linked(GTT, SYSTEM), SYSTEM, GTT).possible()).isFalse();
  }
}
