package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.AllocationRequest;

/**
 * Acquires room for transfers, one region after the other; where it is short, victims are looked
 * for. Waiting goes only downwards: a transfer that holds room above waits for room below, and room
 * below is made by evicting further below, so nobody waits in a circle. Owned by the migration
 * actor.
 */
final class RoomDesk implements VictimSearch.Sequel {
  /** What happens to a transfer when its room is complete, or cannot be had. */
  interface Sequel {
    void roomComplete(Transfer transfer);

    void roomRefused(Transfer transfer, Refusal refusal);

    /** What was granted in {@code region} under move fences may be written. */
    void cleared(Transfer transfer, int region);
  }

  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Yardmates mates;
  private final Sequel sequel;
  private final VictimSearch search;
  private final BackgroundEviction background;
  private final Defragmentation defragmentation;
  private final List<RoomQueue> queues = new ArrayList<>();
  private final GrantedRoom room;

  /**
   * @param starter takes a new eviction up
   */
  RoomDesk(
      ActorContext<Migration.Command> context,
      Environment environment,
      Yardmates mates,
      Sequel sequel,
      Consumer<Transfer> starter,
      LongSupplier ids) {
    this.context = context;
    this.environment = environment;
    this.mates = mates;
    this.sequel = sequel;
    environment.topology().regions().forEach(region -> queues.add(new RoomQueue()));
    this.room = new GrantedRoom(context.getSelf(), mates, queues);
    Evictions evictions = new Evictions(environment, mates, queues, starter, ids);
    this.background =
        new BackgroundEviction(
            context.getSelf(), environment, mates, queues.getFirst(), evictions, ids);
    this.defragmentation = new Defragmentation(context, environment, mates, queues.getFirst(), ids);
    this.search =
        new VictimSearch(context, environment, mates, queues, evictions, background, this);
  }

  /** As migration has it: what was granted and has not come back. */
  long freePages(int region) {
    return environment.topology().region(region).pages() - queues.get(region).grantedPages;
  }

  /** Who waits for room, and for whom. */
  List<WaitReport.Edge> waits() {
    return RoomWaits.edges(environment.topology(), queues, search.evictions(), defragmentation);
  }

  /** Asks for the next room on the transfer's plan, or goes on if it has all. */
  void acquire(Transfer transfer) {
    if (transfer.roomComplete()) {
      sequel.roomComplete(transfer);
      return;
    }
    RoutePlan.Need need = transfer.nextNeed();
    int targetBacking = environment.topology().backing(transfer.plan.target());
    AllocationRequest request = transfer.requestFor(need, targetBacking);
    RoomQueue queue = queues.get(need.region());
    if (!transfer.currentAttempt().evicting()) {
      boolean kept = background.keeps(need.region(), transfer);
      if (kept || !queue.isEmpty()) {
        String why = kept ? " keeps its last room free" : " has others waiting";
        refuse(transfer, new Refusal(Errno.EBUSY, name(need.region()) + why));
        return;
      }
    }
    RoomQueue.Waiting newcomer =
        new RoomQueue.Waiting(transfer, need, request, transfer.startedNanos);
    queue.add(newcomer);
    if (queue.first().equals(newcomer)) {
      stir(need.region());
    } else {
      pump(need.region());
    }
  }

  /** Gives back what an attempt had acquired, overwritten where a copy may have begun. */
  void release(Transfer transfer) {
    for (Transfer.Grant grant : transfer.grants) {
      free(grant, transfer.prepared);
    }
    room.dropped(transfer);
  }

  void free(Transfer.Grant grant, boolean poison) {
    room.free(grant, poison);
    stir(grant.region());
  }

  /** The transfer's old frames may be given out again, under its move fence. */
  void vacate(int region, Transfer transfer) {
    room.vacate(region, transfer);
    stir(region);
  }

  /** The transfer's move fence signals. */
  void signal(int region, Transfer transfer) {
    room.signal(region, transfer);
  }

  /**
   * There may be room or victims now that there were not: whoever is parked goes on, and a search
   * that is under way does not end without another look.
   */
  void stir(int region) {
    RoomQueue queue = queues.get(region);
    if (queue.isParked()) {
      queue.resume();
    } else {
      queue.stirred = true;
    }
    pump(region);
    background.changed(region);
    if (region == 0) {
      defragmentation.tend();
    }
  }

  /** The first in line asks its region, unless a question is already out, or would be in vain. */
  @Override
  public void pump(int region) {
    RoomQueue queue = queues.get(region);
    if (queue.asked == null && !queue.isEmpty() && !queue.isParked()) {
      queue.stirred &= !queue.isFresh();
      ask(region, queue.first());
    }
  }

  private void ask(int region, RoomQueue.Waiting waiting) {
    RoomQueue queue = queues.get(region);
    Transfer transfer = waiting.transfer();
    long owed = transfer.owedPages(region);
    if (owed > 0) {
      search.make(region, waiting, owed - queue.freeingPages);
      return;
    }
    queue.asked = waiting;
    boolean zero = transfer.kind == Transfer.Kind.PLACE && waiting.need().frames();
    mates
        .regions()
        .get(region)
        .tell(
            new Region.Reserve(
                transfer.id, waiting.request(), zero, transfer.buffer, context.getSelf()));
  }

  /**
   * Somebody has waited long enough. The first is refused. Whoever stands behind it has not been
   * looked at: it gets what is free, or is refused, and nobody waits behind others without limit.
   */
  void onOverdue(int region) {
    RoomQueue queue = queues.get(region);
    if (!queue.isParked() || queue.asked != null) {
      return;
    }
    long limit = environment.clock().nowNanos() - environment.settings().roomWaitNanos();
    RoomQueue.Waiting overdue = queue.waitingSince(limit);
    if (overdue == null) {
      search.park(region);
    } else if (overdue.equals(queue.first()) || overdue.transfer().owedPages(region) > 0) {
      giveUp(region, overdue, search.nothingToEvict(region, overdue));
    } else {
      queue.lastLook = overdue;
      ask(region, overdue);
    }
  }

  void onReserved(Migration.Reserved reserved) {
    RoomQueue queue = queues.get(reserved.region());
    RoomQueue.Waiting served = queue.answered(reserved.demand());
    queue.lastLook = null;
    queue.remove(served);
    Transfer transfer = served.transfer();
    boolean frames = served.need().frames();
    int target = transfer.plan.target();
    int end = frames ? environment.topology().backing(target) : target;
    boolean passing = reserved.region() != end;
    Transfer.Grant grant =
        new Transfer.Grant(
            reserved.region(),
            reserved.extents(),
            transfer.pages(),
            frames,
            passing,
            transfer.buffer.owner());
    room.granted(transfer, grant, reserved.fenced());
    acquire(transfer);
    pump(reserved.region());
    onOverdue(reserved.region());
    background.granted(reserved.region(), transfer);
  }

  /** Late for who has given the room back. */
  void onCleared(Migration.Cleared cleared) {
    Transfer transfer = room.cleared(cleared);
    if (transfer != null) {
      sequel.cleared(transfer, cleared.region());
    }
  }

  void onNoRoom(Migration.NoRoom shortage) {
    RoomQueue queue = queues.get(shortage.region());
    RoomQueue.Waiting first = queue.answered(shortage.demand());
    boolean lastLook = first.equals(queue.lastLook);
    queue.lastLook = null;
    queue.limit = shortage.limited() ? shortage.refusal() : null;
    boolean never = neverFits(first) || shortage.pages() == Migration.NoRoom.NEVER;
    if (!lastLook
        && !never
        && !shortage.limited()
        && defragmentation.serves(shortage.region(), first)) {
      return;
    }
    if (!first.transfer().currentAttempt().evicting() || never) {
      giveUp(shortage.region(), first, shortage.refusal());
    } else if (lastLook) {
      giveUp(shortage.region(), first, search.nothingToEvict(shortage.region(), first));
      onOverdue(shortage.region());
    } else if (!first.equals(queue.first())) {
      pump(shortage.region());
    } else {
      queue.returns = shortage.returns();
      search.make(shortage.region(), first, shortage.pages() - queue.freeingPages);
    }
  }

  void trim(Migration.Trim trim) {
    search.evictions().trim(trim);
  }

  void onVictims(Migration.Victims answer) {
    if (background.asked(answer)) {
      background.onVictims(answer);
    } else {
      search.onVictims(answer);
    }
  }

  /**
   * Whoever waits for the hole asks again once the moves are over, or at once if there are none.
   */
  void onCompacting(Migration.Compacting answer) {
    boolean moving =
        defragmentation.onCompacting(
            answer,
            move -> {
              Transfer transfer = move.transfer();
              Extents to = move.relocation().to();
              room.granted(
                  transfer,
                  new Transfer.Grant(0, to, transfer.pages(), true, false, transfer.buffer.owner()),
                  move.relocation().fenced());
              acquire(transfer);
            });
    if (!moving) {
      pump(0);
    }
  }

  /** A move within the region is over. */
  void relocated(Transfer transfer, boolean landed) {
    defragmentation.ended(transfer, landed);
    pump(0);
  }

  void onDeclined(Migration.Declined answer) {
    int region = answer.shortRegion();
    RoomQueue.Waiting first = queues.get(region).answered(answer.demand());
    first.transfer().declined = true;
    giveUp(
        region,
        first,
        new Refusal(Errno.EAGAIN, "the policy of " + name(region) + " keeps its residents"));
  }

  private boolean neverFits(RoomQueue.Waiting waiting) {
    return waiting.request().pages()
        > environment.topology().region(waiting.need().region()).pages();
  }

  /** A victim is gone: where its eviction has not begun, it never will. */
  void bury(BufferId buffer) {
    search.evictions().bury(buffer);
    defragmentation.bury(buffer);
  }

  void evicted(Transfer eviction) {
    search.evictions().ended(eviction, true, false);
    RoomQueue queue = queues.get(eviction.serves);
    if (!queue.isEmpty()) {
      queue.first().transfer().wroteBack(eviction.pages());
    }
    pump(eviction.serves);
    background.ended(eviction.serves);
  }

  void notEvicted(Transfer eviction, Refusal refusal) {
    search.evictions().ended(eviction, false, refusal.errno() == Errno.EBUSY);
    pump(eviction.serves);
    background.ended(eviction.serves);
  }

  @Override
  public void giveUp(int region, RoomQueue.Waiting first, Refusal refusal) {
    queues.get(region).remove(first);
    refuse(first.transfer(), refusal);
    pump(region);
  }

  private void refuse(Transfer transfer, Refusal refusal) {
    release(transfer);
    sequel.roomRefused(transfer, refusal);
  }

  private String name(int region) {
    return environment.topology().region(region).name();
  }
}
