package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.Upkeep.Defragment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Fate;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.validate.Attempt;
import org.bufferyard.allocator.validate.Place;
import org.jspecify.annotations.Nullable;

/**
 * Makes one hole of several in the first region: its residents move to other frames there, as in
 * any move, each with its room in hand from the start. For who is first in line for one run of
 * frames, a few times at most; and in the background, where nobody waits, without waiting for
 * anybody. While the moves of one hole are under way nobody is evicted for it. Owned by the
 * migration actor.
 */
final class Defragmentation {
  private static final int FIRST = 0;
  private static final long NOTHING = -1;

  /** For one demand: whoever could not move the first time is left out the next. */
  private static final int TRIES_MAX = 3;

  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Yardmates mates;
  private final RoomQueue queue;
  private final LongSupplier ids;
  private final Upkeep upkeep;
  private final long capacityPages;
  private final LinkedHashMap<Long, Transfer> underWay = new LinkedHashMap<>();

  /** The demand that a hole was last made for, how often, and who could not move. */
  private long servedDemand = NOTHING;

  private int tries;
  private final List<BufferId> stayed = new ArrayList<>();

  /** The number of the question that is out in the background. */
  private long question = NOTHING;

  private long notBeforeNanos;

  /** For which time there is a reminder. */
  private long remindedNanos;

  private boolean someLanded;

  /**
   * @param queue of the first region
   */
  Defragmentation(
      ActorContext<Migration.Command> context,
      Environment environment,
      Yardmates mates,
      RoomQueue queue,
      LongSupplier ids) {
    this.context = context;
    this.environment = environment;
    this.mates = mates;
    this.queue = queue;
    this.ids = ids;
    this.upkeep = environment.settings().management().upkeep();
    this.capacityPages = environment.topology().region(FIRST).pages();
  }

  /**
   * There was no room for {@code first} in {@code region}: true if it waits for a hole that is
   * being made, or asked for.
   */
  boolean serves(int region, RoomQueue.Waiting first) {
    if (region != FIRST || upkeep.defragment() == Defragment.NEVER) {
      return false;
    }
    boolean enough = capacityPages - queue.grantedPages >= first.request().pages();
    if (!underWay.isEmpty()) {
      return enough && first.request().contiguous();
    }
    long demand = first.transfer().id;
    if (demand != servedDemand) {
      servedDemand = demand;
      tries = 0;
      stayed.clear();
    }
    if (!enough || !first.request().contiguous() || tries == TRIES_MAX) {
      return false;
    }
    tries++;
    queue.asked = first;
    ask(demand, first);
    return true;
  }

  private void ask(long demand, RoomQueue.@Nullable Waiting first) {
    int movesMax = environment.settings().maxMovesInFlight();
    long firstMove = numbers(movesMax);
    mates
        .regions()
        .get(FIRST)
        .tell(
            new Region.Compact(
                demand,
                firstMove,
                movesMax,
                upkeep.defragmentPages(),
                first == null ? null : first.request(),
                first == null ? List.of() : List.copyOf(stayed),
                context.getSelf()));
  }

  /** Takes so many numbers in a row, for the region to give to moves; returns the first. */
  private long numbers(int count) {
    long first = ids.getAsLong();
    long last = first;
    while (last < first + count - 1) {
      last = ids.getAsLong();
    }
    return first;
  }

  /** Room has come back: perhaps there is a larger hole to be made, now or when it is time. */
  void tend() {
    boolean idle = question == NOTHING && underWay.isEmpty();
    if (upkeep.defragment() != Defragment.BACKGROUND || !idle) {
      return;
    }
    long now = environment.clock().nowNanos();
    if (now < notBeforeNanos) {
      remind(notBeforeNanos - now);
    } else if (queue.isEmpty() && queue.asked == null) {
      notBeforeNanos = now + upkeep.defragmentPeriodNanos();
      question = ids.getAsLong();
      ask(question, null);
    }
  }

  /** Once for all that comes back meanwhile. */
  private void remind(long nanos) {
    if (remindedNanos != notBeforeNanos) {
      remindedNanos = notBeforeNanos;
      context.scheduleOnce(
          environment.clock().toScheduler(nanos), context.getSelf(), new Migration.Stirred(FIRST));
    }
  }

  /**
   * The region has picked who moves.
   *
   * @param start takes a move up; its room is complete but for the way, if it has one
   * @return whether somebody moves
   */
  boolean onCompacting(Migration.Compacting answer, Consumer<Granted> start) {
    Transfer onBehalf = null;
    if (answer.demand() == question) {
      question = NOTHING;
    } else {
      onBehalf = queue.answered(answer.demand()).transfer();
    }
    List<Granted> moves = new ArrayList<>();
    for (Migration.Relocation each : answer.relocations()) {
      Transfer transfer = transfer(each, onBehalf);
      underWay.put(transfer.id, transfer);
      moves.add(new Granted(transfer, each));
    }
    moves.forEach(start);
    return !moves.isEmpty();
  }

  /** A move, and the frames it has. */
  record Granted(Transfer transfer, Migration.Relocation relocation) {}

  /** In the background it is younger than all that was submitted, and waits for nobody. */
  private Transfer transfer(Migration.Relocation each, @Nullable Transfer onBehalf) {
    long now = environment.clock().nowNanos();
    Ticket ticket = onBehalf == null ? Ticket.youngestAt(now, each.move()) : onBehalf.ticket;
    ClientId forWhom = onBehalf == null ? each.resident().owner() : onBehalf.forWhom;
    Transfer transfer =
        new Transfer(
            each.move(),
            Transfer.Kind.RELOCATE,
            each.resident(),
            ticket,
            forWhom,
            true,
            onBehalf != null,
            List.of(new Attempt(Place.in(FIRST), true, false)),
            FIRST,
            FIRST,
            Fate.MOVED,
            now,
            onBehalf == null ? null : onBehalf.root);
    transfer.plan = RoutePlan.move(environment.topology(), FIRST, FIRST);
    return transfer;
  }

  /** A move is over. */
  void ended(Transfer transfer, boolean landed) {
    underWay.remove(transfer.id);
    someLanded |= landed;
    if (!landed) {
      stayed.add(transfer.buffer.buffer());
      boolean waited = transfer.mayWait;
      mates
          .regions()
          .get(FIRST)
          .tell(
              new Region.Stayed(
                  transfer.buffer.buffer(), true, FIRST, waited ? transfer.ticket : null));
    }
    if (underWay.isEmpty() && someLanded) {
      someLanded = false;
      tend();
    }
  }

  /** A buffer is gone: where its move has not begun, it never will. */
  void bury(BufferId buffer) {
    for (Transfer transfer : underWay.values()) {
      transfer.gone |= transfer.buffer.buffer().equals(buffer);
    }
  }

  /** On their way to other frames. */
  List<BufferId> moving() {
    return underWay.values().stream().map(transfer -> transfer.buffer.buffer()).toList();
  }
}
