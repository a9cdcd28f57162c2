package org.bufferyard.actors.yard;

import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.actors.environment.Randomness;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.Topology.RegionPlace;
import org.bufferyard.actors.region.RegionActor;
import org.bufferyard.actors.region.Space;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Residents;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.region.CarveOutAllocator;
import org.bufferyard.allocator.region.ContiguousPool;
import org.bufferyard.allocator.region.RegionAllocator;
import org.bufferyard.allocator.region.ScatteredAllocator;

/**
 * How the regions of a yard allocate and in which order they evict: each by the heap it is. Where
 * none is named, the first region, device memory, by buddies; the others scattered, as a host's
 * memory is; windows by budget.
 */
public final class Regions {
  private static final int EXPECTED_BUFFERS = 1024;

  private final Topology topology;
  private final String policy;
  private final Randomness randomness;

  /**
   * Regions of one topology under one policy.
   *
   * @param policy one of {@link Policies}, by name
   */
  public Regions(Topology topology, String policy, Randomness randomness) {
    this.topology = topology;
    this.policy = policy;
    this.randomness = randomness;
  }

  Space space(int region) {
    RegionPlace place = topology.region(region);
    if (topology.isWindow(region)) {
      return new Space.Window(place.name(), place.pages());
    }
    return new Space.Frames(allocator(place, place.heap() != null ? place.heap() : usual(region)));
  }

  private HeapKind usual(int region) {
    return isHost(region) ? HeapKind.SYSTEM : HeapKind.VRAM;
  }

  private RegionAllocator allocator(RegionPlace place, HeapKind heap) {
    return switch (heap) {
      case SYSTEM ->
          ScatteredAllocator.fragmented(
              place.basePfn(), place.pages(), 0, randomness.stream("heap-" + place.name()));
      case CONTIGUOUS -> new ContiguousPool(place.basePfn(), place.pages());
      case CARVE_OUT, TILER -> new CarveOutAllocator(place.basePfn(), place.pages());
      case VRAM -> new BuddyAllocator(place.basePfn(), place.pages());
    };
  }

  /** All but a first region that lies before others is the host's, or a file of its. */
  private boolean isHost(int region) {
    boolean windowed = topology.regions().stream().anyMatch(other -> other.windowOf() == region);
    boolean only = topology.regions().stream().filter(other -> !other.file()).count() == 1;
    return region > 0 || windowed || only;
  }

  RegionActor.PolicyMaker policy(int region) {
    RandomGenerator random = randomness.stream("policy-" + topology.region(region).name());
    return (residents, capacityPages) -> make(residents, capacityPages, random);
  }

  private EvictionPolicy make(Residents residents, long capacityPages, RandomGenerator random) {
    PolicyContext context = new PolicyContext(capacityPages, EXPECTED_BUFFERS, residents, random);
    return switch (Policies.byName(policy, context)) {
      case Outcome.Done<EvictionPolicy>(var made) -> made;
      case Outcome.Refused<EvictionPolicy>(var refusal) ->
          throw new IllegalArgumentException(refusal.toString());
    };
  }
}
