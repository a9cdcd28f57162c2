package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.Explanation.DeviceView;
import org.bufferyard.allocator.placement.Explanation.RejectedRegion;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.region.RegionAllocator;
import org.bufferyard.allocator.region.ScatteredAllocator;

/**
 * Decides a placement, tries it on a region and says why it came out so: the engine of {@code
 * bufferyard explain}. Pure, given its source of extents.
 */
public final class Explainer {
  /** Of a region that gives no long runs, how much the rest of the system holds. */
  private static final int HELD_PERCENT = 10;

  /** Where the extents of a choice come from. */
  @FunctionalInterface
  public interface ExtentSource {
    Outcome<Extents> allocate(PlacementChoice choice, long pages);
  }

  /**
   * Regions as after a start: those that give long runs are whole, others fragmented as {@code
   * random} says. Each choice is tried on a region of its own.
   */
  public static ExtentSource freshRegions(List<RegionFacts> regions, RandomGenerator random) {
    return (choice, pages) -> {
      RegionFacts facts = regions.get(choice.regionIndex());
      RegionAllocator allocator =
          facts.contiguous()
              ? new BuddyAllocator(facts.basePfn(), facts.pages())
              : ScatteredAllocator.fragmented(facts.basePfn(), facts.pages(), HELD_PERCENT, random);
      return allocator.allocate(choice.request(pages));
    };
  }

  /** Takes the first ranked choice that {@code source} can satisfy. */
  public static Explanation explain(
      List<DeviceDemand> devices,
      List<RegionFacts> regions,
      BufferFacts buffer,
      ExtentSource source) {
    return switch (PlacementSolver.solve(devices, regions, buffer)) {
      case Solution.Refused(PlacementRefusal refusal) -> refused(refusal, devices, List.of());
      case Solution.Placed(List<PlacementChoice> choices) ->
          placed(devices, regions, buffer, source, choices);
    };
  }

  private static Explanation placed(
      List<DeviceDemand> devices,
      List<RegionFacts> regions,
      BufferFacts buffer,
      ExtentSource source,
      List<PlacementChoice> choices) {
    List<RejectedRegion> rejected = rejected(devices, regions, buffer, choices);
    Refusal last = new Refusal(Errno.ENOMEM, "no choice");
    for (PlacementChoice choice : choices) {
      switch (source.allocate(choice, buffer.pages())) {
        case Outcome.Done<Extents>(Extents extents) -> {
          ExplanationText text = new ExplanationText(devices, buffer, choice, extents);
          return new Explanation(
              choice, null, extents, text.views(), text.reasons(regions), rejected);
        }
        case Outcome.Refused<Extents>(Refusal refusal) ->
            last =
                new Refusal(
                    Errno.ENOMEM, choice.region() + ": " + refusal.reason(), refusal.wouldHelp());
      }
    }
    PlacementRefusal noRoom =
        new PlacementRefusal(last.errno(), List.of(), Field.SIZE, last.reason(), last.wouldHelp());
    return refused(noRoom, devices, rejected);
  }

  private static Explanation refused(
      PlacementRefusal refusal, List<DeviceDemand> devices, List<RejectedRegion> rejected) {
    List<DeviceView> views = new ArrayList<>(devices.size());
    for (DeviceDemand device : devices) {
      boolean blamed = refusal.devices().contains(device.name());
      views.add(
          new DeviceView(
              device.name(),
              device.translation(),
              0,
              blamed ? "in the conflict: " + refusal.field().label() : "not in the conflict"));
    }
    return new Explanation(null, refusal, Extents.NONE, views, List.of(), rejected);
  }

  private static List<RejectedRegion> rejected(
      List<DeviceDemand> devices,
      List<RegionFacts> regions,
      BufferFacts buffer,
      List<PlacementChoice> choices) {
    List<RejectedRegion> rejected = new ArrayList<>();
    for (RegionFacts region : regions) {
      if (choices.stream().noneMatch(choice -> choice.region().equals(region.name()))) {
        PlacementRefusal alone = new ConflictFinder(devices, List.of(region), buffer).explain();
        rejected.add(new RejectedRegion(region.name(), alone.field(), alone.devices()));
      }
    }
    return rejected;
  }

  private Explainer() {}
}
