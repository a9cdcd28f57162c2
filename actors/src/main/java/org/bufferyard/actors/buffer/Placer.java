package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.Topology.RegionPlace;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.placement.PlacementSolver;
import org.bufferyard.allocator.placement.Reach;
import org.bufferyard.allocator.placement.RegionFacts;
import org.bufferyard.allocator.placement.Solution;

/**
 * Where buffers of one yard can live, by the constraint solver. Immutable; shared by all buffers.
 */
public final class Placer {
  private final Topology topology;
  private final List<RegionFacts> regions = new ArrayList<>();

  /** What the CPU can reach: all but swap. */
  private final DeviceDemand cpu;

  public Placer(Topology topology) {
    this.topology = topology;
    List<Reach> reaches = new ArrayList<>();
    for (int region = 0; region < topology.regions().size(); region++) {
      RegionPlace place = topology.region(region);
      RegionPlace frames = topology.region(topology.backing(region));
      regions.add(
          RegionFacts.of(place.name(), frames.basePfn(), frames.pages())
              .withContiguous(frames.heap() == null || frames.heap().contiguous())
              .withReachable(!place.file()));
      if (!place.file()) {
        reaches.add(new Reach(place.name(), 1));
      }
    }
    cpu = DeviceDemand.direct("cpu", DmaConstraints.UNLIMITED, reaches.toArray(Reach[]::new));
  }

  /** Ranked places for a buffer with these attachments, or why there are none. */
  Outcome<List<PlacementChoice>> solve(
      List<Attachment> attachments, List<DeviceDemand> more, BufferFacts facts) {
    List<DeviceDemand> demands = new ArrayList<>();
    attachments.forEach(attachment -> demands.add(attachment.demand));
    demands.addAll(more);
    if (demands.isEmpty()) {
      demands.add(cpu);
    }
    return switch (PlacementSolver.solve(demands, regions, facts)) {
      case Solution.Placed placed -> Outcome.done(placed.choices());
      case Solution.Refused refused -> Outcome.refused(refused.refusal().asRefusal());
    };
  }

  /** The exporter may want one run of frames where no importer needs it. */
  static Outcome<List<PlacementChoice>> asExported(
      Outcome<List<PlacementChoice>> places, boolean contiguous) {
    return contiguous && places instanceof Outcome.Done<List<PlacementChoice>>(var all)
        ? Outcome.done(all.stream().map(Placer::contiguous).toList())
        : places;
  }

  private static PlacementChoice contiguous(PlacementChoice choice) {
    return new PlacementChoice(
        choice.regionIndex(),
        choice.region(),
        true,
        choice.alignBytes(),
        choice.minPfn(),
        choice.maxPfn(),
        choice.rank(),
        choice.paths());
  }

  /**
   * Places for a buffer that is allocated before anybody attaches: those of the exporter's own
   * needs that serve each of {@code importers} whatever frames it gets there. EINVAL where there is
   * none: then the allocation has to wait for the importers.
   */
  public Outcome<List<PlacementChoice>> early(
      List<DeviceDemand> importers, BufferFacts facts, boolean contiguous) {
    Outcome<List<PlacementChoice>> own = asExported(solve(List.of(), List.of(), facts), contiguous);
    if (!(own instanceof Outcome.Done<List<PlacementChoice>>(var choices))) {
      return own;
    }
    List<PlacementChoice> serving = choices;
    for (DeviceDemand importer : importers) {
      serving = serving.stream().filter(choice -> suits(importer, choice, facts)).toList();
      if (serving.isEmpty()) {
        return Outcome.refused(tooEarly(importer));
      }
    }
    return Outcome.done(serving);
  }

  /** The importer asks no more of the region than the exporter does already. */
  private boolean suits(DeviceDemand importer, PlacementChoice own, BufferFacts facts) {
    if (!(PlacementSolver.solve(List.of(importer), regions, facts) instanceof Solution.Placed p)) {
      return false;
    }
    return p.choices().stream()
        .filter(choice -> choice.regionIndex() == own.regionIndex())
        .anyMatch(
            choice ->
                (own.contiguous() || !choice.contiguous())
                    && choice.alignBytes() <= own.alignBytes()
                    && choice.minPfn() <= own.minPfn()
                    && choice.maxPfn() >= own.maxPfn());
  }

  private static Refusal tooEarly(DeviceDemand importer) {
    return new Refusal(
        Errno.EINVAL,
        "allocating before "
            + importer.name()
            + " attaches is not legal: it has no IOMMU that makes any place do, and asks for more"
            + " than the exporter does",
        "allocating at the first map, or an exporter as strict (contiguous, or a heap that all"
            + " reach)");
  }

  /** A device can be served from these pages as they lie, or by copying. */
  boolean serves(DeviceDemand demand, int region, Extents extents) {
    return !topology.region(region).file()
        && (copies(demand, extents) || reaches(demand, region, extents));
  }

  private static boolean copies(DeviceDemand demand, Extents extents) {
    DmaPath copy = demand.copyPath();
    return copy == DmaPath.CPU
        || (copy == DmaPath.BOUNCE
            && Pages.toBytes(extents.totalPages()) <= BouncePool.MAPPING_BYTES_MAX);
  }

  private boolean reaches(DeviceDemand demand, int region, Extents extents) {
    if (demand.weight(topology.region(region).name()) < 0) {
      return false;
    }
    if (demand.remapped()) {
      return true;
    }
    DmaConstraints limits = demand.constraints();
    long highest = (extents.highestPfn() << Pages.SHIFT) | Pages.OFFSET_MASK;
    return Long.compareUnsigned(highest, limits.dmaMask()) <= 0
        && (extents.pfn(0) << Pages.SHIFT & (limits.alignBytes() - 1)) == 0
        && (limits.maxSegments() > 1 || extents.contiguous());
  }

  /** What a program's own mapping demands. */
  DeviceDemand cpu() {
    return cpu;
  }

  boolean servesCpu(int region) {
    return !topology.region(region).file();
  }
}
