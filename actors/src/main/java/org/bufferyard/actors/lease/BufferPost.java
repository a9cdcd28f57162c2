package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.token.TicketRoll;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.jspecify.annotations.Nullable;

/** What an importer asks of buffers, and what of it is still unanswered. Owned by the importer. */
final class BufferPost {
  enum Kind {
    ATTACH,
    MAP,
    UNMAP,
    PIN,
    DETACH
  }

  /**
   * A request on its way.
   *
   * @param pin what a pin or unpin came from; else null
   */
  record Ask(
      long requestId, Kind kind, Bond bond, ImporterActor.@Nullable Pin pin, long sentNanos) {}

  private final ImporterPlan plan;
  private final Environment environment;
  private final ActorRef<Importer.Event> fromBuffers;
  private final ActorRef<Iommu.Command> path;
  private final LinkedHashMap<Long, Ask> open = new LinkedHashMap<>();
  private final TicketRoll roll;
  private long tickets;
  private long requestIds;

  BufferPost(
      ImporterPlan plan, ActorRef<Importer.Event> fromBuffers, ActorRef<Iommu.Command> path) {
    this.plan = plan;
    this.roll = new TicketRoll(plan.device());
    this.environment = plan.yard().environment();
    this.fromBuffers = fromBuffers;
    this.path = path;
    // A client's importers and its session draw from one space of request ids.
    this.requestIds = (plan.device().value() + 1L) << 40;
  }

  void attach(Bond bond) {
    tell(
        bond,
        new Buffer.Attach(
            header(bond, Kind.ATTACH, null),
            plan.device(),
            plan.demand(),
            plan.dynamic(),
            new BusPath.Translated(path, bond.index),
            fromBuffers));
  }

  /** For whatever the handle permits, so that one mapping serves every lease. */
  void map(Bond bond) {
    Ticket ticket = roll.next(environment.clock().nowNanos(), ++tickets);
    bond.ticket = ticket;
    tell(
        bond,
        new Buffer.Map(
            header(bond, Kind.MAP, null),
            bond.remote,
            bond.attachment.buffer().mayWrite()
                ? DmaDirection.BIDIRECTIONAL
                : DmaDirection.TO_DEVICE,
            ticket,
            fromBuffers));
  }

  void unmap(Bond bond, long generation) {
    tell(
        bond,
        new Buffer.Unmap(header(bond, Kind.UNMAP, null), bond.remote, generation, fromBuffers));
  }

  void pin(Bond bond, ImporterActor.Pin pin) {
    Header header = header(bond, Kind.PIN, pin);
    tell(
        bond,
        pin.pinned()
            ? new Buffer.Pin(header, bond.remote, fromBuffers)
            : new Buffer.Unpin(header, bond.remote, fromBuffers));
  }

  void detach(Bond bond) {
    tell(bond, new Buffer.Detach(header(bond, Kind.DETACH, null), bond.remote, fromBuffers));
  }

  /** The buffer may be moved by anybody from now on. */
  void letGo(Bond bond) {
    if (bond.ticket != null) {
      tell(bond, new Buffer.LetGo(bond.ticket));
      bond.ticket = null;
    }
  }

  private static void tell(Bond bond, Buffer.Command command) {
    bond.attachment.buffer().grant().ref().tell(command);
  }

  private Header header(Bond bond, Kind kind, ImporterActor.@Nullable Pin pin) {
    long id = ++requestIds;
    open.put(id, new Ask(id, kind, bond, pin, environment.clock().nowNanos()));
    return bond.attachment.buffer().header(id);
  }

  /** Null: answered already. */
  @Nullable Ask answered(long requestId) {
    return open.remove(requestId);
  }

  /** The buffer has died: nothing of it will be answered. */
  List<Ask> abandon(Bond bond) {
    List<Ask> asks = open.values().stream().filter(ask -> ask.bond().equals(bond)).toList();
    asks.forEach(ask -> open.remove(ask.requestId()));
    return asks;
  }

  /** Buffers answer what they still hold of the requests past their deadline. */
  void cancelOverdue() {
    long due = environment.clock().nowNanos() - environment.settings().requestDeadlineNanos();
    List<Ask> overdue = new ArrayList<>();
    for (Ask ask : open.values()) {
      if (ask.sentNanos() > due) {
        break;
      }
      overdue.add(ask);
    }
    for (Ask ask : overdue) {
      tell(
          ask.bond(),
          new Buffer.Cancel(
              ask.bond().attachment.buffer().client(), ask.requestId(), Errno.ETIMEDOUT));
    }
  }

  boolean isEmpty() {
    return open.isEmpty();
  }
}
