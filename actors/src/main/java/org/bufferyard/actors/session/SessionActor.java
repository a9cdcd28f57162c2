package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;

/**
 * One client of the yard: owns its handles, its request tokens and their deadlines, and what it has
 * pinned. Every request is answered exactly once, also when the buffer it was sent to has died.
 * Bounded by what the client's program leaves unanswered.
 */
public final class SessionActor {
  public static Behavior<Session.Command> create(
      Environment environment, ClientId client, long epoch, List<ActorRef<Slab.Command>> slabs) {
    return Behaviors.setup(
        context ->
            new SessionActor(new SessionCore(context, environment, client, epoch), slabs)
                .serving());
  }

  private final SessionCore core;
  private final ActorContext<Session.Command> context;
  private final Exports exports;
  private final Ownership ownership;
  private final CpuAccesses cpu;
  private final PinBooks pins;

  private SessionActor(SessionCore core, List<ActorRef<Slab.Command>> slabs) {
    this.core = core;
    this.context = core.context;
    this.exports = new Exports(core, slabs);
    this.ownership = new Ownership(core);
    this.cpu = new CpuAccesses(core);
    this.pins = new PinBooks(core);
  }

  private Behavior<Session.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          core.tally.handled();
          switch (command) {
            case Session.Export export -> exports.export(export);
            case Session.Share share -> ownership.share(share);
            case Session.CpuAccess access -> cpu.access(access);
            case Session.Release release -> ownership.release(release);
            case Session.Revoke revoke -> ownership.revoke(revoke);
            case Session.Offer offer -> ownership.offer(offer);
            case Session.Reclaim reclaim -> ownership.reclaim(reclaim);
            case Session.Offered offered -> core.grants.offered(offered.grant());
            case Session.Listen listen -> core.grants.listen(listen.listener());
            case Session.Created created -> exports.created(created);
            case Session.FromBuffer(var reply) -> ownership.answered(reply);
            case Session.FromCpu(var reply) -> cpu.answered(reply);
            case Session.HoldOver over -> cpu.holdOver(over.bracket());
            case Session.ChargePin charge -> pins.charge(charge);
            case Session.UnchargePin uncharge -> pins.uncharge(uncharge.buffer());
            case Session.Sweep sweep -> core.deadlines.sweep();
            case Session.BufferGone gone -> onBufferGone(gone.buffer());
            case Session.End end -> onEnd();
            case Session.CloseBooks close -> close.replyTo().tell(books());
          }
          return core.ending && core.open.isEmpty() ? Behaviors.stopped() : Behaviors.same();
        });
  }

  private Session.Books books() {
    return new Session.Books(
        core.client, core.tally.counts(), core.grants.size(), core.open.size(), pins.total());
  }

  /** All its tokens, places and handles go; what it has asked for is answered as usual. */
  private void onEnd() {
    core.ending = true;
    for (Session.Grant grant : core.grants.all()) {
      grant.ref().tell(new Buffer.ToReservation(new Reservation.ClientGone(core.client)));
      ownership.release(new Session.Release(grant.handle(), context.getSystem().ignoreRef()));
    }
  }

  /** Its requests would never be answered. */
  private void onBufferGone(BufferId buffer) {
    for (Open request : core.open.about(buffer)) {
      core.refused(request.requestId(), new Refusal(Errno.ENODEV, buffer + " has died"));
    }
    core.grants.removeAll(buffer);
    cpu.bufferGone(buffer);
    pins.uncharge(buffer);
  }
}
