package org.bufferyard.allocator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.allocator.placement.PlacementChoice.DevicePath;
import org.bufferyard.allocator.placement.PlacementChoice.Rank;
import org.bufferyard.allocator.placement.PlacementRefusal.Field;
import org.jspecify.annotations.Nullable;

/**
 * Combines the constraints of all attachments of a buffer into a ranked list of placements. Pure
 * functions; the result depends on the arguments and their order alone.
 *
 * <p>Masks, alignment and contiguity count only for devices without a remapper: the lowest mask
 * bounds the placement's end, the largest alignment holds, and one device that takes a single
 * segment makes the placement contiguous. Regions must be reachable for all, coherence and
 * protection as the devices need. Where constraints cannot all hold, devices that may copy do.
 */
public final class PlacementSolver {

  /**
   * Ranks the regions that serve all {@code devices}: those where nobody copies first, then in the
   * exporter's order of preference, then by the sum of the devices' path weights, then by free
   * space, then in the order given. Choices in regions the exporter prefers, or the first choice if
   * it prefers none that will do, are DESIRED, the others FALLBACK.
   */
  public static Solution solve(
      List<DeviceDemand> devices, List<RegionFacts> regions, BufferFacts buffer) {
    List<PlacementChoice> choices = feasible(devices, regions, buffer, null);
    if (choices.isEmpty()) {
      return new Solution.Refused(new ConflictFinder(devices, regions, buffer).explain());
    }
    choices.sort(preference(devices, regions, buffer));
    return new Solution.Placed(ranked(choices, buffer));
  }

  static List<PlacementChoice> feasible(
      List<DeviceDemand> devices,
      List<RegionFacts> regions,
      BufferFacts buffer,
      @Nullable Field relaxed) {
    List<PlacementChoice> choices = new ArrayList<>();
    for (int index = 0; index < regions.size(); index++) {
      PlacementChoice choice = RegionFit.of(regions, index, devices, buffer, relaxed);
      if (choice != null) {
        choices.add(choice);
      }
    }
    return choices;
  }

  private static Comparator<PlacementChoice> preference(
      List<DeviceDemand> devices, List<RegionFacts> regions, BufferFacts buffer) {
    return Comparator.comparing(PlacementSolver::copies)
        .thenComparingInt(choice -> preferredRank(choice, buffer))
        .thenComparing(choice -> weight(choice, devices), Comparator.reverseOrder())
        .thenComparing(
            choice -> regions.get(choice.regionIndex()).freePages(), Comparator.reverseOrder())
        .thenComparingInt(PlacementChoice::regionIndex);
  }

  private static boolean copies(PlacementChoice choice) {
    return choice.paths().stream().anyMatch(path -> path.path().copies());
  }

  private static int preferredRank(PlacementChoice choice, BufferFacts buffer) {
    int rank = buffer.preferred().indexOf(choice.region());
    return rank < 0 ? Integer.MAX_VALUE : rank;
  }

  /** The sum of the weights of those who do DMA; a copying device has no path to weigh. */
  private static long weight(PlacementChoice choice, List<DeviceDemand> devices) {
    long sum = 0;
    for (int index = 0; index < devices.size(); index++) {
      DevicePath path = choice.paths().get(index);
      sum += path.path().copies() ? 0 : devices.get(index).weight(choice.region());
    }
    return sum;
  }

  private static List<PlacementChoice> ranked(List<PlacementChoice> sorted, BufferFacts buffer) {
    boolean anyPreferred =
        sorted.stream().anyMatch(choice -> preferredRank(choice, buffer) != Integer.MAX_VALUE);
    List<PlacementChoice> ranked = new ArrayList<>(sorted.size());
    for (PlacementChoice choice : sorted) {
      boolean desired =
          anyPreferred
              ? preferredRank(choice, buffer) != Integer.MAX_VALUE && !copies(choice)
              : ranked.isEmpty();
      ranked.add(withRank(choice, desired ? Rank.DESIRED : Rank.FALLBACK));
    }
    return ranked;
  }

  private static PlacementChoice withRank(PlacementChoice choice, Rank rank) {
    return new PlacementChoice(
        choice.regionIndex(),
        choice.region(),
        choice.contiguous(),
        choice.alignBytes(),
        choice.minPfn(),
        choice.maxPfn(),
        rank,
        choice.paths());
  }

  private PlacementSolver() {}
}
