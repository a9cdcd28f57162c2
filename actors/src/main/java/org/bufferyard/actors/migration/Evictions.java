package org.bufferyard.actors.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Fate;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.validate.Attempt;
import org.bufferyard.allocator.validate.Place;

/**
 * The evictions under way, by the region whose shortage they serve: at most {@code
 * maxMovesInFlight} each. A victim whose contents nobody needs is dropped, any other moves to where
 * its region's victims go. Owned by the migration actor.
 */
final class Evictions {
  private final Environment environment;
  private final Yardmates mates;
  private final List<RoomQueue> queues;
  private final Consumer<Transfer> starter;
  private final LongSupplier ids;
  private final LinkedHashMap<Long, Transfer> underWay = new LinkedHashMap<>();

  /**
   * @param starter takes a new eviction up
   */
  Evictions(
      Environment environment,
      Yardmates mates,
      List<RoomQueue> queues,
      Consumer<Transfer> starter,
      LongSupplier ids) {
    this.environment = environment;
    this.mates = mates;
    this.queues = queues;
    this.starter = starter;
    this.ids = ids;
  }

  boolean mayStart(int region) {
    return queues.get(region).evictions < environment.settings().maxMovesInFlight();
  }

  /** Evicts the victims in order, as many as may run at once; the others stay. */
  void start(Migration.Victims answer, Transfer onBehalf) {
    int region = answer.shortRegion();
    RoomQueue queue = queues.get(region);
    int victims = answer.victims().size();
    int room = environment.settings().maxMovesInFlight() - queue.evictions;
    int started = Math.max(0, Math.min(victims, room));
    for (Region.Resident victim : answer.victims().subList(0, started)) {
      queue.tried.add(victim.buffer());
      queue.evictions++;
      queue.freeingPages += freedBy(answer.region(), region, victim);
      Transfer eviction = eviction(victim, onBehalf, answer.region(), region);
      eviction.decidedNanos = environment.clock().nowNanos();
      underWay.put(eviction.id, eviction);
      starter.accept(eviction);
    }
    stay(answer.region(), answer.victims().subList(started, victims));
  }

  /** They were named as victims of {@code region} and are none after all. */
  void stay(int region, List<Region.Resident> victims) {
    victims.forEach(victim -> stay(region, victim, false));
  }

  private void stay(int region, Region.Resident victim, boolean busy) {
    mates.regions().get(region).tell(new Region.Stayed(victim.buffer(), busy));
  }

  /** Rebinding a window's resident to the region behind it frees no frame there yet. */
  private static long freedBy(int from, int region, Region.Resident victim) {
    return from == region ? victim.pages() : 0;
  }

  private Transfer eviction(Region.Resident victim, Transfer onBehalf, int from, int serves) {
    int target = environment.topology().evictsTo(from);
    return new Transfer(
        ids.getAsLong(),
        Transfer.Kind.EVICT,
        victim,
        onBehalf.ticket,
        onBehalf.forWhom,
        false,
        queues.get(serves).mayWait,
        target < 0 ? List.of() : List.of(new Attempt(Place.in(target), true, false)),
        from,
        serves,
        fate(victim, target),
        onBehalf.startedNanos,
        onBehalf.root);
  }

  private static Fate fate(Region.Resident victim, int target) {
    if (target == Topology.PURGE) {
      return Fate.DROPPED;
    }
    return victim.discardable() ? Fate.DROPPED_IF_OFFERED : Fate.MOVED;
  }

  /** A victim is gone: where its eviction has not begun, it never will. */
  void bury(BufferId buffer) {
    for (Transfer eviction : underWay.values()) {
      eviction.gone |= eviction.buffer.buffer().equals(buffer);
    }
  }

  /**
   * It is over.
   *
   * @param busy it did not happen because the victim was in use
   */
  void ended(Transfer eviction, boolean landed, boolean busy) {
    underWay.remove(eviction.id);
    RoomQueue queue = queues.get(eviction.serves);
    queue.evictions--;
    queue.freeingPages -= freedBy(eviction.plan.from(), eviction.serves, eviction.buffer);
    queue.sawBusy |= !landed;
    if (landed) {
      queue.source = 0;
    } else {
      stay(eviction.plan.from(), eviction.buffer, busy);
    }
  }

  /** Victims on their way out for the sake of {@code region}. */
  List<BufferId> leaving(int region) {
    return underWay.values().stream()
        .filter(eviction -> eviction.serves == region)
        .map(eviction -> eviction.buffer.buffer())
        .toList();
  }
}
