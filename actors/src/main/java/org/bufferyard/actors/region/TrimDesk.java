package org.bufferyard.actors.region;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.policy.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Names what was not used between two fences, a period apart, so that it leaves though nobody wants
 * its room: as many at a time as may move at once, and one more for each that has left. Nobody is
 * named twice in a period, and what its client may count on stays. The clock runs while there are
 * residents. Model of WDDM's periodic trim. Owned by the region.
 */
final class TrimDesk {
  private final ActorContext<Region.Command> context;
  private final Environment environment;
  private final int region;
  private final ResidentTable table;
  private final long periodNanos;
  private final int atOnce;
  private @Nullable ActorRef<Migration.Command> migration;
  private boolean running;
  private long fenceNanos;

  /** What was not used since is trimmed. */
  private long trimBeforeNanos = Long.MIN_VALUE;

  /** Ids below have been looked at since the last fence. */
  private int looked;

  TrimDesk(
      ActorContext<Region.Command> context,
      Environment environment,
      int region,
      ResidentTable table) {
    this.context = context;
    this.environment = environment;
    this.region = region;
    this.table = table;
    this.periodNanos = region > 0 ? 0 : environment.settings().management().claims().trimNanos();
    this.atOnce = environment.settings().maxMovesInFlight();
  }

  /** A resident has come. */
  void arrived() {
    if (periodNanos > 0 && !running) {
      running = true;
      fenceNanos = environment.clock().nowNanos();
      later();
    }
  }

  /** Somebody asks for room: it is who evicts. */
  void asked(ActorRef<Migration.Command> asker) {
    migration = asker;
  }

  private void later() {
    context.scheduleOnce(
        environment.clock().toScheduler(periodNanos), context.getSelf(), new Region.TrimNow());
  }

  /** The next fence. */
  void fence() {
    trimBeforeNanos = fenceNanos;
    fenceNanos = environment.clock().nowNanos();
    looked = 0;
    name(atOnce);
    running = table.hereCount() > 0;
    if (running) {
      later();
    }
  }

  /** A victim has left. */
  void left() {
    if (trimBeforeNanos > Long.MIN_VALUE) {
      name(1);
    }
  }

  private void name(int most) {
    ActorRef<Migration.Command> evictor = migration;
    if (evictor == null) {
      return;
    }
    table.searchAt(environment.clock().nowNanos(), false);
    List<Region.Resident> idle = new ArrayList<>(0);
    for (; looked < table.bound() && idle.size() < most; looked++) {
      if (table.isHere(looked) && table.usedNanos(looked) < trimBeforeNanos && mayLeave(looked)) {
        table.setLeaving(looked, true);
        idle.add(table.resident(looked));
      }
    }
    if (!idle.isEmpty()) {
      evictor.tell(new Migration.Trim(region, idle));
    }
  }

  /** On its owner's behalf, as if that wanted room and had another place for it. */
  private boolean mayLeave(int id) {
    table.searchForItself(id);
    return table.standing(id) == Standing.EVICTABLE;
  }
}
