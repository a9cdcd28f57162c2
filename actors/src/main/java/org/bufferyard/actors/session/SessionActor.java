package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
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
  private final CpuMappings mappings;
  private final CpuAccesses cpu;
  private final PinBooks pins;

  private SessionActor(SessionCore core, List<ActorRef<Slab.Command>> slabs) {
    this.core = core;
    this.context = core.context;
    this.exports = new Exports(core, slabs);
    this.ownership = new Ownership(core);
    this.mappings = new CpuMappings(core);
    this.cpu = new CpuAccesses(core, mappings);
    this.pins = new PinBooks(core);
  }

  private Behavior<Session.Command> serving() {
    return Behaviors.receive(
        (same, command) -> {
          core.tally.handled();
          switch (command) {
            case Session.Export export -> exports.export(export);
            case Session.Share share -> ownership.share(share);
            case Session.CpuAccess access -> cpu.access(access);
            case Session.Mmap mmap -> mappings.mmap(mmap);
            case Session.Munmap munmap -> mappings.munmap(munmap);
            case Session.Vmap vmap -> cpu.vmap(vmap);
            case Session.Vunmap vunmap -> cpu.vunmap(vunmap);
            case Session.FromMapping(var event) -> mappings.onEvent(event);
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
        },
        (same, signal) -> {
          if (signal instanceof PostStop) {
            abandon();
          }
          return Behaviors.same();
        });
  }

  /** However the session stops: nothing stays held in its name. After its end there is nothing. */
  private void abandon() {
    exports.abandon();
    ownership.abandonShares();
    cpu.abandon();
    mappings.abandon();
    for (Session.Grant grant : core.grants.all()) {
      grant.ref().tell(new Buffer.ToReservation(new Reservation.ClientGone(core.client)));
      ownership.abandon(grant);
    }
  }

  private Session.Books books() {
    return new Session.Books(
        core.client,
        core.tally.counts(),
        core.grants.size(),
        core.open.size(),
        pins.total(),
        mappings.faults());
  }

  /** All its tokens, places and handles go; what it has asked for is answered as usual. */
  private void onEnd() {
    core.ending = true;
    mappings.end();
    for (Session.Grant grant : core.grants.all()) {
      grant.ref().tell(new Buffer.ToReservation(new Reservation.ClientGone(core.client)));
      ownership.release(new Session.Release(grant.handle(), context.getSystem().ignoreRef()));
    }
  }

  /** Its requests would never be answered. */
  private void onBufferGone(BufferId buffer) {
    for (Open request : core.open.about(buffer)) {
      ownership.forget(request.requestId());
      core.refused(request.requestId(), new Refusal(Errno.ENODEV, buffer + " has died"));
    }
    core.grants.removeAll(buffer);
    mappings.bufferGone(buffer);
    cpu.bufferGone(buffer);
    pins.uncharge(buffer);
  }
}
