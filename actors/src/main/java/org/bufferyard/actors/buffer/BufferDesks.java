package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.Refusal;

/**
 * Those who do a buffer's work, each for one kind of request, and what is done after each: whoever
 * waited goes on. Made when there is work: of a million buffers most may never have any. Not
 * thread-safe; owned by the buffer.
 */
final class BufferDesks {
  private final BufferCore core;
  final PlacementDesk placement;
  private final AttachDesk attaches;
  private final MapDesk maps;
  private final PinDesk pins;
  private final VmapDesk vmaps;
  private final UseDesk uses;
  private final Gate gate;
  private final HandleDesk handles;
  private final OfferDesk offers;
  private final MovingDesk moving;
  private final ValidateDesk validations;
  private final RevokeDesk revokes;

  BufferDesks(BufferCore core) {
    this.core = core;
    this.placement = new PlacementDesk(core);
    this.attaches = new AttachDesk(core, placement);
    this.maps = new MapDesk(core, placement, this::onRequest, this::mappingGone);
    this.pins = new PinDesk(core, placement, this::onRequest);
    this.vmaps = new VmapDesk(core, placement);
    this.uses = new UseDesk(core, placement);
    this.gate = new Gate(core);
    this.handles = new HandleDesk(core);
    this.offers = new OfferDesk(core, placement);
    Drain drain = new Drain(core, maps, uses);
    this.moving = new MovingDesk(core, placement, maps, uses, offers, drain);
    this.revokes = new RevokeDesk(core, placement, maps, uses, drain, gate);
    this.validations = new ValidateDesk(core, placement);
  }

  private void mappingGone() {
    moving.reportIfPrepared();
  }

  /** Returns whether the buffer is gone. */
  boolean serve(Buffer.Order order) {
    switch (order) {
      case Buffer.Request request -> onRequest(request);
      case Buffer.Signal signal -> uses.signal(signal);
      case Buffer.BackOff backOff -> uses.backOff(backOff);
      case Buffer.LetGo letGo -> uses.letGo(letGo);
      case Buffer.Cancel cancel -> onCancel(cancel);
      case Buffer.ToReservation(var inner) -> onReservation(inner);
      case Buffer.Placed placed -> placement.onPlaced(placed);
      case Buffer.DemandRefused refused -> placement.onDemandRefused(refused.refusal());
      case Buffer.ComeBack back -> placement.comeBack(back.region());
      case Buffer.PrepareMove prepare -> moving.prepare(prepare);
      case Buffer.Overdue overdue -> moving.overdue(overdue);
      case Buffer.Landed landed -> moving.landed(landed);
      case Buffer.MoveFailed failed -> moving.failed(failed);
      case Buffer.CopyDone done -> moving.copyDone(done);
      case Buffer.IommuMapped mapped -> maps.onIommuMapped(mapped);
      case Buffer.IommuUnmapped unmapped -> maps.onIommuUnmapped(unmapped);
      case Buffer.RevokeOverdue overdue -> revokes.overdue(overdue);
      case Buffer.PinCharged charged -> pins.onCharged(charged);
      case Buffer.SessionGone(var session) -> onSessionGone(session);
      case Buffer.TakeBack(var given) -> handles.close(given);
    }
    moving.reportIfPrepared();
    resumeHeld();
    revokes.finishIfDrained();
    pins.settle();
    core.updateFacts();
    moving.tellIfOtherwise();
    return freedIfDone();
  }

  private void onRequest(Buffer.Request request) {
    Refusal refusal = gate.refuses(request);
    if (refusal != null) {
      Replies.refuse(core, request, refusal);
    } else {
      serve(request);
    }
  }

  /** The token and the explicit fences; a fence that signals may let uses go on. */
  private void onReservation(Reservation.Command command) {
    Refusal refusal = command instanceof Reservation.Request request ? gate.refuses(request) : null;
    if (refusal != null && command instanceof Reservation.Request request) {
      request.replyTo().tell(new Reservation.Refused(request.header().requestId(), refusal));
    } else {
      core.desk().handle(command);
      uses.fencesChanged();
    }
    if (command instanceof Reservation.ClientGone(var client)) {
      pins.clientGone(client);
      vmaps.clientGone(client);
    }
  }

  /** However it stopped, and whether or not it had heard of its handles. */
  private void onSessionGone(ActorRef<Session.Command> session) {
    for (ClientId client : handles.sessionGone(session)) {
      onReservation(new Reservation.ClientGone(client));
    }
  }

  private void serve(Buffer.Request request) {
    switch (request) {
      case Buffer.Attach attach -> attaches.attach(attach);
      case Buffer.Map map -> maps.map(map);
      case Buffer.Unmap unmap -> maps.unmap(unmap);
      case Buffer.Detach detach -> maps.detach(detach);
      case Buffer.Use use -> uses.use(use);
      case Buffer.Pin pin -> pins.pin(pin);
      case Buffer.Unpin unpin -> pins.unpin(unpin);
      case Buffer.BeginCpu begin -> uses.beginCpu(begin);
      case Buffer.EndCpu end -> uses.endCpu(end);
      case Buffer.Mmap mmap -> attaches.mmap(mmap);
      case Buffer.Vmap vmap -> vmaps.vmap(vmap);
      case Buffer.Vunmap vunmap -> vmaps.vunmap(vunmap);
      case Buffer.Validate validate -> validations.validate(validate);
      case Buffer.Share share -> handles.share(share);
      case Buffer.Release release -> handles.release(release);
      case Buffer.Revoke revoke -> revokes.revoke(revoke);
      case Buffer.Offer offer -> offers.offer(offer);
      case Buffer.Reclaim reclaim -> offers.reclaim(reclaim);
    }
  }

  private void onCancel(Buffer.Cancel cancel) {
    Buffer.Request found = uses.withdraw(cancel);
    for (Buffer.Request request : core.held) {
      found = found == null && cancel.names(request) ? request : found;
    }
    if (found != null) {
      core.held.remove(found);
      Replies.refuse(core, found, cancel.errno(), "given up while it waited at " + core.id);
    }
  }

  /** Held requests go on in order; one that has to be held again keeps its place. */
  private void resumeHeld() {
    if (core.holding()) {
      return;
    }
    if (!core.held.isEmpty()) {
      List<Buffer.Request> due = List.copyOf(core.held);
      core.held.clear();
      for (Buffer.Request request : due) {
        if (core.holding()) {
          core.held.addLast(request);
        } else {
          onRequest(request);
        }
      }
    }
    core.demandRefusal = null;
    core.staying = false;
  }

  /** The last handle is gone, and so is everything that kept the memory. */
  private boolean freedIfDone() {
    boolean kept =
        !core.zombie
            || core.holding()
            || core.draining
            || core.vmaps > 0
            || !core.attachments.isEmpty()
            || !core.fences.isEmpty();
    if (kept) {
      return false;
    }
    int last = core.region;
    for (int region = 0; region < core.world.regions().size(); region++) {
      if (region == last) {
        placement.giveUpPages();
      } else if ((core.visitedRegions & (1L << region)) != 0) {
        core.world.regions().get(region).tell(new Region.Left(core.id, Region.Departure.FREED));
      }
    }
    core.tell(core.world.slab(), new Slab.Gone(core.id, core.handled));
    return true;
  }
}
