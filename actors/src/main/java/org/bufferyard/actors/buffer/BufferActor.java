package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One buffer: owns its rights, attachments, fences, holds and placement. Requests that need a
 * placement are held, at most {@link org.bufferyard.actors.environment.YardSettings#HELD_MAX}, and
 * go on in order of arrival. Lean on purpose, since there may be a million: no logger, timer or
 * adapter; deadlines belong to whoever asks.
 */
public final class BufferActor extends ExtensibleBehavior<Buffer.Command> {
  private final BufferCore core;
  private final PlacementDesk placement;
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
  private final @Nullable History history;

  /**
   * A declared buffer of {@code owner}.
   *
   * @param first the exporter's handle, with all rights
   */
  static Behavior<Buffer.Command> create(
      BufferCore.World world,
      BufferId id,
      ClientId owner,
      long epoch,
      Handle first,
      ActorRef<Session.Command> session,
      ExportSpec spec,
      List<String> preferredNames) {
    return Behaviors.setup(
        context -> {
          BufferCore core = new BufferCore(world, context, id, owner, spec, preferredNames);
          core.rights.grant(first, owner, epoch, Rights.ALL, session);
          BufferActor buffer = new BufferActor(core);
          if (spec.options().early() != null) {
            buffer.placement.allocateEarly(spec.options().early());
          }
          return buffer;
        });
  }

  private BufferActor(BufferCore core) {
    this.core = core;
    this.placement = new PlacementDesk(core);
    this.attaches = new AttachDesk(core, placement);
    this.maps = new MapDesk(core, placement, this::onRequest, this::afterMappingGone);
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
    this.history = core.environment().settings().histories() ? new History() : null;
  }

  @Override
  public Behavior<Buffer.Command> receive(
      TypedActorContext<Buffer.Command> context, Buffer.Command command) {
    try {
      return handle(command);
    } catch (RuntimeException crash) {
      core.environment()
          .observer()
          .tell(new YardEvent.Violation(core.now(), core.id, "crash", crash.toString()));
      throw crash;
    }
  }

  private Behavior<Buffer.Command> handle(Buffer.Command command) {
    core.handled++;
    if (history != null) {
      history.record(core.now(), command);
    }
    switch (command) {
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
      case Buffer.TellHistory tell -> onTellHistory(tell);
      case Buffer.TellInfo tell -> tell.replyTo().tell(BufferInfos.of(core));
      case Buffer.TellWaits tell -> tell.replyTo().tell(BufferWaits.of(core));
    }
    moving.reportIfPrepared();
    resumeHeld();
    revokes.finishIfDrained();
    pins.settle();
    core.updateFacts();
    moving.tellIfOtherwise();
    return freedIfDone();
  }

  @Override
  public Behavior<Buffer.Command> receiveSignal(
      TypedActorContext<Buffer.Command> context, Signal signal) {
    return Behaviors.unhandled();
  }

  private void onRequest(Buffer.Request request) {
    Refusal refusal = gate.refuses(request);
    if (refusal != null) {
      Replies.refuse(core.id, request, refusal);
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
      found = found == null && named(request, cancel) ? request : found;
    }
    if (found != null) {
      core.held.remove(found);
      Replies.refuse(core.id, found, cancel.errno(), "given up while it waited at " + core.id);
    }
  }

  static boolean named(Buffer.Request request, Buffer.Cancel cancel) {
    return request.header().requestId() == cancel.requestId()
        && request.header().client().equals(cancel.client());
  }

  private void onTellHistory(Buffer.TellHistory tell) {
    tell.replyTo().tell(new Buffer.History(core.id, history == null ? List.of() : history.lines()));
  }

  private void afterMappingGone() {
    moving.reportIfPrepared();
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
  private Behavior<Buffer.Command> freedIfDone() {
    boolean kept =
        !core.zombie
            || core.holding()
            || core.draining
            || core.vmaps > 0
            || !core.attachments.isEmpty()
            || !core.fences.isEmpty();
    if (kept) {
      return this;
    }
    int last = core.region;
    for (int region = 0; region < core.world.regions().size(); region++) {
      if (region == last) {
        placement.giveUpPages();
      } else if ((core.visitedRegions & (1L << region)) != 0) {
        core.world.regions().get(region).tell(new Region.Left(core.id, Region.Departure.FREED));
      }
    }
    core.world.slab().tell(new Slab.Gone(core.id, core.handled));
    return Behaviors.stopped();
  }
}
