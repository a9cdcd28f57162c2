package org.bufferyard.allocator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.junit.jupiter.api.Test;

/** Every world of up to three devices out of a small catalogue: conflicts are truly minimal. */
class MinimalConflictTest {
  private static final List<RegionFacts> REGIONS =
      List.of(
          RegionFacts.of("A", 0, 16).withContiguous(false),
          RegionFacts.of("B", 16, 16).withCoherent(false),
          RegionFacts.of("C", 33, 16));
  private static final BufferFacts BUFFER = BufferFacts.of(4);

  @Test
  void solve_everySmallWorld_placesSoundlyOrNamesAMinimalConflict() {
    List<DeviceDemand> catalogue = catalogue();
    int refusals = 0;
    int worlds = 0;
    int triples = 0;
    for (int first = 0; first < catalogue.size(); first++) {
      for (int second = 0; second < catalogue.size(); second++) {
        for (int third = second; third < catalogue.size(); third += 5) {
          List<DeviceDemand> world =
              List.of(
                  named(catalogue.get(first), "d0"),
                  named(catalogue.get(second), "d1"),
                  named(catalogue.get(third), "d2"));
          worlds++;
          if (PlacementSolver.solve(world, REGIONS, BUFFER)
              instanceof Solution.Refused(PlacementRefusal refusal)) {
            refusals++;
            triples += refusal.devices().size() == 3 ? 1 : 0;
            checkMinimal(world, refusal);
          }
        }
      }
    }
    assertThat(refusals).isPositive().isLessThan(worlds);
    assertThat(triples).isPositive();
  }

  private static void checkMinimal(List<DeviceDemand> world, PlacementRefusal refusal) {
    List<DeviceDemand> conflict =
        world.stream().filter(device -> refusal.devices().contains(device.name())).toList();
    assertThat(feasible(conflict)).as("%s in %s", refusal, world).isFalse();
    for (DeviceDemand device : conflict) {
      List<DeviceDemand> others = new ArrayList<>(conflict);
      others.remove(device);
      assertThat(feasible(others)).as("%s without %s", refusal, device.name()).isTrue();
    }
    assertThat(refusal.reason()).contains(refusal.devices());
    assertThat(refusal.errno().temporary()).isFalse();
  }

  private static boolean feasible(List<DeviceDemand> devices) {
    return PlacementSolver.solve(devices, REGIONS, BUFFER) instanceof Solution.Placed;
  }

  private static DeviceDemand named(DeviceDemand like, String name) {
    return new DeviceDemand(
        name,
        like.constraints(),
        like.translation(),
        like.reaches(),
        like.copyPath(),
        like.coherentOnly(),
        like.secure(),
        like.dmaAncestor());
  }

  /** Every combination of regions reached, remapper, mask, segments, alignment and coherence. */
  private static List<DeviceDemand> catalogue() {
    List<DeviceDemand> devices = new ArrayList<>();
    for (int bits = 0; bits < 1 << 3; bits++) {
      List<Reach> reaches = new ArrayList<>();
      for (int region = 0; region < REGIONS.size(); region++) {
        if ((bits >> region & 1) != 0) {
          reaches.add(new Reach(REGIONS.get(region).name(), 1 + region));
        }
      }
      for (int kind = 0; kind < 5; kind++) {
        devices.add(demand(kind).withReaches(reaches));
      }
      devices.add(demand(1).withReaches(reaches).withCoherentOnly(true));
    }
    return devices;
  }

  private static DeviceDemand demand(int kind) {
    DmaConstraints any = DmaConstraints.UNLIMITED;
    return switch (kind) {
      case 0 -> DeviceDemand.iommu("d", any.withDmaMask(0x3fff));
      case 1 -> DeviceDemand.direct("d", any);
      case 2 -> DeviceDemand.direct("d", any.withDmaMask(0x1ffff));
      case 3 -> DeviceDemand.direct("d", any.withMaxSegments(1));
      default -> DeviceDemand.direct("d", any.withAlignBytes(64 * 4096));
    };
  }
}
