package org.bufferyard.actors.migration;

import akka.actor.Cancellable;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Runs moves whose room is complete: prepare, land, copy hop by hop, settle. At most {@code
 * maxMovesInFlight} at once; a move that got this far waits for importers alone, which have a
 * deadline, so the bound never blocks anything for good. Owned by the migration actor.
 */
final class MoveDesk {
  /** What becomes of a move. */
  interface Sequel {
    /** It is over; what it left behind is free. */
    void moved(Transfer transfer);

    /** It is over but for its copy: what it left behind may be given out, under its fence. */
    void landed(Transfer transfer);

    /** That copy is done. */
    void signalled(Transfer transfer);

    /**
     * The move did not happen; the buffer is where it was.
     *
     * @param again when trying again may help
     */
    void notMoved(Transfer transfer, Refusal refusal, Again again);

    /** There is nothing left to move. */
    void purged(Transfer transfer);

    /** The buffer lives elsewhere than planned: plan again. */
    void strayed(Transfer transfer, int at);
  }

  /** When a move that did not happen may be tried again. */
  enum Again {
    NEVER,
    /** When the buffer says so, with {@link Migration.MayMove}. */
    WHEN_TOLD,
    /** A little later: the link may have recovered, and nobody will say so. */
    LATER
  }

  private static final class Flight {
    final Transfer transfer;
    @Nullable Cancellable watch;

    /** It lands before its copy is done. */
    boolean pipelined;

    boolean settled;
    boolean copied;

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
  private final CopyDesk copies;
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
    this.copies = new CopyDesk(context.getSelf(), environment.topology(), mates);
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
        sequel.notMoved(transfer, goneRefusal(transfer.buffer.buffer()), Again.NEVER);
        continue;
      }
      flights.put(transfer.id, new Flight(transfer));
      tell(
          transfer,
          new Buffer.PrepareMove(transfer.id, transfer.ticket, transfer.mayWait, transfer.fate));
      watch(transfer.id, false, environment.settings().invalidateReportNanos());
    }
  }

  private static void tell(Transfer transfer, Buffer.Command command) {
    transfer.buffer.ref().tell(command);
  }

  /** The buffer was freed: a move that asked it to prepare gets no answer. */
  void bury(BufferId buffer) {
    for (Flight flight : List.copyOf(flights.values())) {
      if (flight.transfer.buffer.buffer().equals(buffer) && !flight.transfer.prepared) {
        fail(flight.transfer.id, goneRefusal(buffer), Again.NEVER);
      }
    }
  }

  private static Refusal goneRefusal(BufferId buffer) {
    return new Refusal(Errno.ENODEV, buffer + " was freed meanwhile");
  }

  private void watch(long move, boolean force, long afterNanos) {
    Flight flight = flights.get(move);
    if (flight != null) {
      flight.watch =
          context.scheduleOnce(
              environment.clock().toScheduler(afterNanos),
              context.getSelf(),
              new Migration.Watch(move, force));
    }
  }

  void onWatch(Migration.Watch watch) {
    Flight flight = flights.get(watch.move());
    if (flight == null || flight.transfer.prepared) {
      return;
    }
    tell(flight.transfer, new Buffer.Overdue(watch.move(), watch.force()));
    if (!watch.force()) {
      long remaining =
          environment.settings().invalidateDeadlineNanos()
              - environment.settings().invalidateReportNanos();
      watch(watch.move(), true, Math.max(1, remaining));
    }
  }

  void onPrepared(Migration.Prepared prepared) {
    Flight flight = flights.get(prepared.move());
    if (flight == null) {
      return;
    }
    flight.stopWatch();
    Transfer transfer = flight.transfer;
    if (prepared.region() != transfer.plan.from()) {
      Refusal refusal = new Refusal(Errno.EBUSY, prepared.buffer() + " moved meanwhile");
      tell(transfer, new Buffer.MoveFailed(transfer.id, refusal));
      end(flight);
      sequel.strayed(transfer, prepared.region());
      return;
    }
    transfer.prepared = true;
    transfer.source = prepared.extents();
    transfer.current = prepared.extents();
    transfer.lastEvictedNanos = prepared.lastEvictedNanos();
    transfer.usesBefore = prepared.uses();
    transfer.hop = 0;
    if (mayPipeline(transfer)) {
      flight.pipelined = true;
      land(transfer, copies.landing(transfer), transfer.id);
    }
    copies.hop(transfer, false);
  }

  void onPurged(Migration.Purged purged) {
    Flight flight = flights.get(purged.move());
    if (flight != null) {
      flight.transfer.at = purged.region();
      flight.transfer.source = purged.extents();
      ledger.purged();
      end(flight);
      sequel.purged(flight.transfer);
    }
  }

  /** Its frames change, and its old region has a fence left. */
  private boolean mayPipeline(Transfer transfer) {
    Topology topology = environment.topology();
    int backing = topology.backing(transfer.plan.from());
    long fences = 0;
    for (Flight other : flights.values()) {
      boolean same = topology.backing(other.transfer.plan.from()) == backing;
      fences += other.pipelined && same ? 1 : 0;
    }
    return fences < environment.settings().moveFences()
        && !copies.landing(transfer).equals(transfer.source);
  }

  private void land(Transfer transfer, Extents extents, long fence) {
    transfer.countMoved(transfer.plan.hops().size());
    tell(
        transfer,
        new Buffer.Landed(
            transfer.id,
            transfer.plan.target(),
            extents,
            transfer.currentAttempt().settled(),
            transfer.kind == Transfer.Kind.MOVE,
            transfer.root.movedBytes,
            fence));
  }

  /** The frames granted in {@code region} may be written. */
  void onCleared(Transfer transfer, int region) {
    if (flights.containsKey(transfer.id) && transfer.prepared) {
      copies.cleared(transfer, region);
    }
  }

  void onCopied(long move) {
    Flight flight = flights.get(move);
    if (flight == null) {
      return;
    }
    Transfer transfer = flight.transfer;
    copies.arrived(transfer, ledger);
    if (transfer.hop < transfer.plan.hops().size()) {
      copies.hop(transfer, false);
    } else if (flight.pipelined) {
      flight.copied = true;
      tell(transfer, new Buffer.CopyDone(transfer.id));
      if (flight.settled) {
        ledger.landed(transfer);
        end(flight);
        sequel.signalled(transfer);
      }
    } else {
      land(transfer, transfer.current, Buffer.NO_FENCE);
    }
  }

  void onSettled(long move) {
    Flight flight = flights.get(move);
    if (flight == null) {
      return;
    }
    flight.settled = true;
    flight.transfer.settledNanos = environment.clock().nowNanos();
    if (flight.pipelined && !flight.copied) {
      sequel.landed(flight.transfer);
    } else {
      ledger.landed(flight.transfer);
      end(flight);
      sequel.moved(flight.transfer);
    }
  }

  void onBusy(Migration.Busy busy) {
    fail(busy.move(), busy.refusal(), busy.lasting() ? Again.NEVER : Again.WHEN_TOLD);
  }

  /** Who has landed cannot go back: the pages are still what they were, and the CPU copies them. */
  void onCopyFailed(Migration.CopyFailed failed) {
    Flight flight = flights.get(failed.move());
    if (flight == null) {
      return;
    }
    if (flight.pipelined) {
      copies.hop(flight.transfer, true);
    } else {
      tell(flight.transfer, new Buffer.MoveFailed(failed.move(), failed.refusal()));
      fail(failed.move(), failed.refusal(), Again.LATER);
    }
  }

  private void fail(long move, Refusal refusal, Again again) {
    Flight flight = flights.get(move);
    if (flight != null) {
      end(flight);
      sequel.notMoved(flight.transfer, refusal, again);
    }
  }

  private void end(Flight flight) {
    flight.stopWatch();
    flights.remove(flight.transfer.id);
    startReady();
  }
}
