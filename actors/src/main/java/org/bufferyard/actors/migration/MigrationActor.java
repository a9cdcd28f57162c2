package org.bufferyard.actors.migration;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Fate;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The yard's one migration actor: owns the demands that wait for room and the moves in flight, and
 * every deadline of a move. Regions pick victims, this runs their eviction. A demand is answered
 * exactly once: placed, landed or refused. Bounded: one demand per buffer, moves in flight by
 * setting.
 */
public final class MigrationActor implements RoomDesk.Sequel, MoveDesk.Sequel {
  public static Behavior<Migration.Command> create(Environment environment, Yardmates mates) {
    return Behaviors.setup(context -> new MigrationActor(context, environment, mates).serving());
  }

  private final Environment environment;
  private final RoomDesk rooms;
  private final MoveDesk moves;
  private final RevokeWatch revokes;
  private final MoveLedger ledger;
  private final BringBacks bringBacks;
  private final FirstPlacements placements;
  private final RestingMoves resting;
  private final VacatedRoom vacated;
  private int demands;
  private long ids;
  private long handled;

  private MigrationActor(
      ActorContext<Migration.Command> context, Environment environment, Yardmates mates) {
    this.environment = environment;
    this.revokes = new RevokeWatch(context, environment);
    this.ledger = new MoveLedger(environment);
    this.bringBacks = new BringBacks(environment);
    this.placements = new FirstPlacements(environment.topology());
    this.resting = new RestingMoves(context, environment);
    this.rooms = new RoomDesk(context, environment, mates, this, this::plan, this::nextId);
    this.vacated = new VacatedRoom(environment.topology(), rooms);
    this.moves = new MoveDesk(context, environment, mates, ledger, this);
  }

  private Behavior<Migration.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          handled++;
          switch (command) {
            case Migration.Demand demand -> onDemand(demand);
            case Migration.Freed freed -> onFreed(freed);
            case Migration.Reserved reserved -> rooms.onReserved(reserved);
            case Migration.Cleared cleared -> rooms.onCleared(cleared);
            case Migration.NoRoom shortage -> rooms.onNoRoom(shortage);
            case Migration.Victims victims -> rooms.onVictims(victims);
            case Migration.Trim trim -> rooms.trim(trim);
            case Migration.Compacting compacting -> rooms.onCompacting(compacting);
            case Migration.Declined declined -> rooms.onDeclined(declined);
            case Migration.Stirred stirred -> rooms.stir(stirred.shortRegion());
            case Migration.RoomOverdue overdue -> rooms.onOverdue(overdue.region());
            case Migration.MayMove mayMove -> planAgain(resting.wake(mayMove.buffer()));
            case Migration.RetryMove retry -> planAgain(resting.due(retry.move()));
            case Migration.Prepared prepared -> moves.onPrepared(prepared);
            case Migration.Purged purged -> moves.onPurged(purged);
            case Migration.WatchRevoke revoke -> revokes.watch(revoke);
            case Migration.RevokeDone done -> revokes.done(done.buffer());
            case Migration.Busy busy -> moves.onBusy(busy);
            case Migration.Settled settled -> moves.onSettled(settled.move());
            case Migration.Copied copied -> moves.onCopied(copied.move());
            case Migration.CopyFailed failed -> moves.onCopyFailed(failed);
            case Migration.Watch watch -> moves.onWatch(watch);
            case Migration.Laggard laggard -> onLaggard(laggard);
            case Migration.TellWaits tell ->
                tell.replyTo().tell(new WaitReport("migration", rooms.waits()));
            case Migration.CloseBooks close ->
                close
                    .replyTo()
                    .tell(ledger.books(demands, moves.inFlight() + placements.clearing(), handled));
          }
          return Behaviors.same();
        });
  }

  private void onDemand(Migration.Demand demand) {
    demands++;
    boolean first = demand.at() == Migration.NOWHERE;
    Transfer transfer =
        new Transfer(
            nextId(),
            first ? Transfer.Kind.PLACE : Transfer.Kind.MOVE,
            demand.buffer(),
            demand.ticket(),
            demand.client(),
            demand.optional(),
            true,
            bringBacks.attempts(demand),
            demand.at(),
            Topology.NONE,
            demand.places().isEmpty() ? Fate.GIVEN_UP : Fate.MOVED,
            now(),
            null);
    transfer.asked = demand.extents();
    Refusal refusal = bringBacks.refusal(transfer, rooms.freePages(0));
    if (refusal != null) {
      refuseDemand(transfer, refusal);
    } else {
      plan(transfer);
    }
  }

  /** Takes up the transfer's current attempt; without one left, it is refused. */
  private void plan(Transfer transfer) {
    if (transfer.drops()) {
      transfer.plan = RoutePlan.drop(transfer.at);
      moves.start(transfer);
      return;
    }
    if (!transfer.hasAttempt() && !transfer.insist()) {
      Refusal refusal = lastRefusal(transfer);
      if (!resting.atItsLimit(transfer, refusal)) {
        refuse(transfer, refusal);
      }
      return;
    }
    int target = transfer.currentAttempt().place().region();
    transfer.plan = transfer.route(environment.topology());
    if (transfer.plan.possible()) {
      rooms.acquire(transfer);
    } else {
      roomRefused(transfer, new Refusal(Errno.ENODEV, "no links lead to " + name(target)));
    }
  }

  private static Refusal lastRefusal(Transfer transfer) {
    return transfer.lastRefusal != null
        ? transfer.lastRefusal
        : new Refusal(Errno.ENOMEM, "there is no place to try");
  }

  @Override
  public void roomComplete(Transfer transfer) {
    if (transfer.kind == Transfer.Kind.PLACE) {
      demands--;
      placements.place(transfer);
    } else {
      moves.start(transfer);
    }
  }

  @Override
  public void roomRefused(Transfer transfer, Refusal refusal) {
    transfer.lastRefusal = refusal;
    int target = transfer.plan.target();
    if (target >= 0 && transfer.owedPages(target) > 0) {
      transfer.goOn(environment.topology().evictsTo(target));
    } else {
      transfer.attempt++;
    }
    plan(transfer);
  }

  @Override
  public void cleared(Transfer transfer, int region) {
    if (placements.isClearing(transfer)) {
      placements.cleared(transfer);
    } else {
      moves.onCleared(transfer, region);
    }
  }

  @Override
  public void moved(Transfer transfer) {
    bringBacks.moved(transfer);
    vacated.after(transfer);
    over(transfer);
  }

  @Override
  public void landed(Transfer transfer) {
    bringBacks.moved(transfer);
    vacated.under(transfer);
    over(transfer);
  }

  @Override
  public void signalled(Transfer transfer) {
    vacated.signalled(transfer);
  }

  /** The room is there that the move was to make, or the demand is served. */
  private void over(Transfer transfer) {
    switch (transfer.kind) {
      case EVICT -> rooms.evicted(transfer);
      case RELOCATE -> rooms.relocated(transfer, true);
      case PLACE, MOVE -> demands--;
    }
  }

  /** The contents were discarded: the room ahead is not needed, and that behind is free. */
  @Override
  public void purged(Transfer transfer) {
    rooms.release(transfer);
    vacated.dropped(transfer);
    over(transfer);
  }

  @Override
  public void notMoved(Transfer transfer, Refusal refusal, MoveDesk.Again again) {
    rooms.release(transfer);
    transfer.lastRefusal = refusal;
    int next = nextTier(transfer, refusal);
    if (next >= 0) {
      if (!transfer.writeBack()) {
        transfer.goOn(next);
      }
      plan(transfer);
      return;
    }
    if (!resting.afterMove(transfer, again)) {
      refuse(transfer, refusal);
    }
  }

  /**
   * The tier behind one that had frames for a victim, but whose store is full; or none. What came
   * to that store first goes there, so that it keeps the latest, as {@code zswap} writes back; the
   * victim itself does where nothing of the store can go.
   */
  private int nextTier(Transfer eviction, Refusal refusal) {
    boolean full =
        eviction.kind == Transfer.Kind.EVICT
            && eviction.prepared
            && refusal.errno() == Errno.ENOSPC;
    return full ? environment.topology().evictsTo(eviction.plan.target()) : Topology.NONE;
  }

  private void planAgain(@Nullable Transfer transfer) {
    if (transfer != null) {
      plan(transfer);
    }
  }

  /** It moved under a plan that was made for elsewhere; if it is where it wanted to be, fine. */
  @Override
  public void strayed(Transfer transfer, int at) {
    rooms.release(transfer);
    transfer.at = at;
    transfer.attempt = 0;
    if (transfer.kind == Transfer.Kind.MOVE) {
      plan(transfer);
    } else {
      refuse(transfer, new Refusal(Errno.EBUSY, transfer.buffer.buffer() + " moved meanwhile"));
    }
  }

  private void refuse(Transfer transfer, Refusal refusal) {
    switch (transfer.kind) {
      case EVICT -> rooms.notEvicted(transfer, refusal);
      case RELOCATE -> rooms.relocated(transfer, false);
      case PLACE, MOVE -> refuseDemand(transfer, refusal);
    }
  }

  private void refuseDemand(Transfer transfer, Refusal refusal) {
    demands--;
    transfer.buffer.ref().tell(new Buffer.DemandRefused(forClient(refusal)));
  }

  /** That another move was under way is no answer to whoever waited for this one. */
  private static Refusal forClient(Refusal refusal) {
    return refusal.errno() == Errno.EALREADY
        ? new Refusal(Errno.EBUSY, refusal.reason(), refusal.wouldHelp())
        : refusal;
  }

  private void onFreed(Migration.Freed freed) {
    ledger.freed(freed);
    bringBacks.freed(freed.buffer());
    rooms.bury(freed.buffer());
    moves.bury(freed.buffer());
    vacated.after(freed);
  }

  private void onLaggard(Migration.Laggard laggard) {
    environment
        .observer()
        .tell(new YardEvent.Laggard(now(), laggard.buffer(), laggard.device(), laggard.forced()));
  }

  private String name(int region) {
    return environment.topology().region(region).name();
  }

  private long nextId() {
    return ++ids;
  }

  private long now() {
    return environment.clock().nowNanos();
  }
}
