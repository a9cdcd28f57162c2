package org.bufferyard.actors.migration;

import akka.actor.Cancellable;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Link;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Runs moves whose room is complete: prepare, copy hop by hop, land, settle. At most {@code
 * maxMovesInFlight} at once; a move that got this far waits for importers alone, which have a
 * deadline, so the bound never blocks anything for good. Owned by the migration actor.
 */
final class MoveDesk {
  /** What becomes of a move. */
  interface Sequel {
    void moved(Transfer transfer);

    /**
     * The move did not happen; the buffer is where it was.
     *
     * @param lasting trying again does not help
     */
    void notMoved(Transfer transfer, Refusal refusal, boolean lasting);

    /** The buffer lives elsewhere than planned: plan again. */
    void strayed(Transfer transfer, int at);
  }

  private static final class Flight {
    final Transfer transfer;
    @Nullable Cancellable watch;

    Flight(Transfer transfer) {
      this.transfer = transfer;
    }

    void stopWatch() {
      if (watch != null) {
        watch.cancel();
      }
    }
  }

  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Yardmates mates;
  private final MoveLedger ledger;
  private final Sequel sequel;
  private final LinkedHashMap<Long, Flight> flights = new LinkedHashMap<>();
  private final ArrayDeque<Transfer> ready = new ArrayDeque<>();

  MoveDesk(
      ActorContext<Migration.Command> context,
      Environment environment,
      Yardmates mates,
      MoveLedger ledger,
      Sequel sequel) {
    this.context = context;
    this.environment = environment;
    this.mates = mates;
    this.ledger = ledger;
    this.sequel = sequel;
  }

  int inFlight() {
    return flights.size() + ready.size();
  }

  void start(Transfer transfer) {
    ready.addLast(transfer);
    startReady();
  }

  private void startReady() {
    while (!ready.isEmpty() && flights.size() < environment.settings().maxMovesInFlight()) {
      Transfer transfer = ready.removeFirst();
      if (transfer.gone) {
        sequel.notMoved(transfer, goneRefusal(transfer.buffer.buffer()), true);
        continue;
      }
      flights.put(transfer.id, new Flight(transfer));
      transfer
          .buffer
          .ref()
          .tell(
              new Buffer.PrepareMove(
                  transfer.id, transfer.ticket, transfer.mayWait, transfer.fate));
      watch(transfer.id, false, environment.settings().invalidateReportNanos());
    }
  }

  /** The buffer was freed: a move that asked it to prepare gets no answer. */
  void bury(BufferId buffer) {
    for (Flight flight : List.copyOf(flights.values())) {
      if (flight.transfer.buffer.buffer().equals(buffer) && !flight.transfer.prepared) {
        fail(flight.transfer.id, goneRefusal(buffer), true);
      }
    }
  }

  private static Refusal goneRefusal(BufferId buffer) {
    return new Refusal(Errno.ENODEV, buffer + " was freed meanwhile");
  }

  private void watch(long move, boolean force, long afterNanos) {
    Flight flight = flight(move);
    if (flight != null) {
      flight.watch =
          context.scheduleOnce(
              environment.clock().toScheduler(afterNanos),
              context.getSelf(),
              new Migration.Watch(move, force));
    }
  }

  void onWatch(Migration.Watch watch) {
    Flight flight = flight(watch.move());
    if (flight == null || flight.transfer.prepared) {
      return;
    }
    flight.transfer.buffer.ref().tell(new Buffer.Overdue(watch.move(), watch.force()));
    if (!watch.force()) {
      long remaining =
          environment.settings().invalidateDeadlineNanos()
              - environment.settings().invalidateReportNanos();
      watch(watch.move(), true, Math.max(1, remaining));
    }
  }

  void onPrepared(Migration.Prepared prepared) {
    Flight flight = flight(prepared.move());
    if (flight == null) {
      return;
    }
    flight.stopWatch();
    Transfer transfer = flight.transfer;
    if (prepared.region() != transfer.plan.from()) {
      Refusal refusal = new Refusal(Errno.EBUSY, prepared.buffer() + " moved meanwhile");
      transfer.buffer.ref().tell(new Buffer.MoveFailed(transfer.id, refusal));
      end(flight);
      sequel.strayed(transfer, prepared.region());
      return;
    }
    transfer.prepared = true;
    transfer.source = prepared.extents();
    transfer.current = prepared.extents();
    transfer.lastEvictedNanos = prepared.lastEvictedNanos();
    transfer.hop = 0;
    if (transfer.drops()) {
      drop(transfer);
    } else {
      copyHop(transfer);
    }
  }

  private static void drop(Transfer transfer) {
    transfer.current = Extents.NONE;
    transfer.buffer.ref().tell(new Buffer.Purged(transfer.id, transfer.kind == Transfer.Kind.MOVE));
  }

  private void copyHop(Transfer transfer) {
    Topology topology = environment.topology();
    int from = transfer.plan.before(transfer.hop);
    int to = transfer.plan.hops().get(transfer.hop);
    Extents target = target(transfer, to);
    mates
        .links()
        .get(topology.link(from, to))
        .tell(
            new Link.Copy(
                transfer.id,
                transfer.buffer.buffer(),
                transfer.current,
                target,
                !target.equals(transfer.current),
                context.getSelf()));
  }

  /** The frames after a hop to {@code to}: the same where it only rebinds. */
  private Extents target(Transfer transfer, int to) {
    return transfer.framesIn(environment.topology().backing(to));
  }

  void onCopied(long move) {
    Flight flight = flight(move);
    if (flight == null) {
      return;
    }
    Transfer transfer = flight.transfer;
    int from = transfer.plan.before(transfer.hop);
    int to = transfer.plan.hops().get(transfer.hop);
    ledger.hop(from, to, transfer.pages());
    transfer.countMoved();
    transfer.current = target(transfer, to);
    transfer.hop++;
    if (transfer.hop < transfer.plan.hops().size()) {
      copyHop(transfer);
    } else {
      transfer
          .buffer
          .ref()
          .tell(
              new Buffer.Landed(
                  transfer.id,
                  transfer.plan.target(),
                  transfer.current,
                  transfer.currentAttempt().settled(),
                  transfer.kind == Transfer.Kind.MOVE,
                  transfer.movedBytes));
    }
  }

  void onSettled(long move) {
    Flight flight = flight(move);
    if (flight != null) {
      ledger.landed(flight.transfer);
      end(flight);
      sequel.moved(flight.transfer);
    }
  }

  void onBusy(Migration.Busy busy) {
    fail(busy.move(), busy.refusal(), busy.lasting());
  }

  void onCopyFailed(Migration.CopyFailed failed) {
    Optional.ofNullable(flight(failed.move()))
        .ifPresent(
            flight ->
                flight
                    .transfer
                    .buffer
                    .ref()
                    .tell(new Buffer.MoveFailed(failed.move(), failed.refusal())));
    fail(failed.move(), failed.refusal(), false);
  }

  private void fail(long move, Refusal refusal, boolean lasting) {
    Flight flight = flight(move);
    if (flight != null) {
      end(flight);
      sequel.notMoved(flight.transfer, refusal, lasting);
    }
  }

  private void end(Flight flight) {
    flight.stopWatch();
    flights.remove(flight.transfer.id);
    startReady();
  }

  private @Nullable Flight flight(long move) {
    return flights.get(move);
  }
}
