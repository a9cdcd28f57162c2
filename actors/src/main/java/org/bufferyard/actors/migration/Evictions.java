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
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.validate.Attempt;
import org.bufferyard.allocator.validate.Place;
import org.jspecify.annotations.Nullable;

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
    int started = mayStartOf(answer);
    for (Region.Resident victim : answer.victims().subList(0, started)) {
      queues.get(answer.shortRegion()).tried.add(victim.buffer());
    }
    start(answer, started, onBehalf, false);
  }

  /** The same, with nobody waiting for it: neither does it wait for anybody. */
  void startAside(Migration.Victims answer, Transfer onBehalf) {
    start(answer, mayStartOf(answer), onBehalf, true);
  }

  /** What was not used for a while leaves at once or not at all, on account of its own client. */
  void trim(Migration.Trim trim) {
    for (Region.Resident idle : trim.idle()) {
      Migration.Victims named =
          new Migration.Victims(trim.region(), trim.region(), 0, List.of(idle), false);
      if (target(trim.region()) < 0) {
        keepAll(named);
      } else {
        startAside(named, forItself(idle, trim.region()));
      }
    }
  }

  private Transfer forItself(Region.Resident idle, int region) {
    long id = ids.getAsLong();
    long now = environment.clock().nowNanos();
    return new Transfer(
        id,
        Transfer.Kind.MOVE,
        idle,
        Ticket.youngestAt(now, id),
        idle.owner(),
        true,
        false,
        List.of(),
        region,
        Topology.NONE,
        Fate.MOVED,
        now,
        null);
  }

  private int mayStartOf(Migration.Victims answer) {
    int room =
        environment.settings().maxMovesInFlight() - queues.get(answer.shortRegion()).evictions;
    return Math.max(0, Math.min(answer.victims().size(), room));
  }

  private void start(Migration.Victims answer, int started, Transfer onBehalf, boolean aside) {
    RoomQueue queue = queues.get(answer.shortRegion());
    for (Region.Resident victim : answer.victims().subList(0, started)) {
      queue.evictions++;
      queue.freeingPages += victim.pages();
      Transfer eviction = eviction(victim, onBehalf, answer.region(), answer.shortRegion(), aside);
      eviction.decidedNanos = environment.clock().nowNanos();
      underWay.put(eviction.id, eviction);
      starter.accept(eviction);
    }
    stay(answer, started, null);
  }

  /** Those named have no way out of their region. */
  void keepAll(Migration.Victims answer) {
    stay(answer, 0, Ticket.OLDEST);
  }

  private void stay(Migration.Victims answer, int from, @Nullable Ticket refused) {
    for (Region.Resident victim : answer.victims().subList(from, answer.victims().size())) {
      tellStays(answer.region(), victim, false, answer.shortRegion(), refused);
    }
  }

  private void tellStays(
      int region, Region.Resident victim, boolean busy, int serves, @Nullable Ticket refused) {
    mates.regions().get(region).tell(new Region.Stayed(victim.buffer(), busy, serves, refused));
  }

  /**
   * Where victims go for the sake of {@code region}. Those of a window onto it go out of it in one
   * move: to unbind them alone would free no frame, and whoever wants them could bind them again
   * before they have left. Model of {@code ttm_bo_swapout}.
   */
  int target(int region) {
    return environment.topology().evictsTo(region);
  }

  private Transfer eviction(
      Region.Resident victim, Transfer onBehalf, int from, int serves, boolean aside) {
    int target = target(serves);
    return new Transfer(
        ids.getAsLong(),
        Transfer.Kind.EVICT,
        victim,
        onBehalf.ticket,
        onBehalf.forWhom,
        aside,
        !aside && queues.get(serves).mayWait,
        target < 0 ? List.of() : List.of(new Attempt(Place.in(target), true, false)),
        from,
        serves,
        fate(victim, target),
        aside ? environment.clock().nowNanos() : onBehalf.startedNanos,
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
    queue.freeingPages -= eviction.buffer.pages();
    queue.sawBusy |= !landed;
    if (landed) {
      queue.source = 0;
    } else {
      // Who did not want to wait may have been turned away where another is not.
      Ticket refused = eviction.mayWait ? eviction.ticket : null;
      tellStays(eviction.plan.from(), eviction.buffer, busy, eviction.serves, refused);
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
