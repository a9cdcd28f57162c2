package org.bufferyard.actors.remote;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.LinkedHashMap;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Imports buffers of other processes: maps them through their gateways, stages their bytes in this
 * yard's memory, and carries back what was written. Gateways are watched: when one is gone, what is
 * under way is refused ENODEV. Bounded: a few chunks under way for each mapping.
 */
public final class RemoteImporterActor {
  public sealed interface Command {}

  public record Attach(Wire.RemoteBuffer buffer, Answer<RemoteAttachment> answer)
      implements Command {}

  public record Map(
      RemoteAttachment attachment, DmaDirection direction, Answer<RemoteMapping> answer)
      implements Command {}

  public record Detach(RemoteAttachment attachment) implements Command {}

  record Closed(long staging, Answer<Done> unmapped) implements Command {}

  record FromWire(FarGateway gateway, Wire.Event event) implements Command {}

  record Local(long staging, BufferAttachment attachment, Mapping working, Mapping leased)
      implements Command {}

  record LocalRefused(long staging, Refusal refusal) implements Command {}

  record Reopened(long staging, Mapping working) implements Command {}

  record GatewayGone(FarGateway gateway) implements Command {}

  /**
   * What the application hears that nobody asked for.
   *
   * @param generation mappings of it are of an older placement
   */
  public record Invalidated(Wire.RemoteBuffer buffer, long generation) {}

  /**
   * An importer of remote buffers.
   *
   * @param client whose the staging buffers are
   * @param local importer of them
   * @param staged false: the policy permits no copies, and no process reaches another's memory:
   *     attaching is refused EREMOTEIO
   * @param listener hears of moves; or null
   */
  public static Behavior<Command> create(
      ClientRef client,
      HostImporter local,
      boolean staged,
      @Nullable ActorRef<? super Invalidated> listener) {
    return Behaviors.setup(
        context -> new RemoteImporterActor(context, client, local, staged, listener).serving());
  }

  private final ActorContext<Command> context;
  private final boolean staged;
  private final @Nullable ActorRef<? super Invalidated> listener;
  private final StagingDesk stagings;
  private final LinkedHashMap<ActorRef<Wire.Command>, FarGateway> gateways = new LinkedHashMap<>();
  private long ids;

  private RemoteImporterActor(
      ActorContext<Command> context,
      ClientRef client,
      HostImporter local,
      boolean staged,
      @Nullable ActorRef<? super Invalidated> listener) {
    this.context = context;
    this.stagings = new StagingDesk(context, new StagingRoom(context.getSelf(), client, local));
    this.staged = staged;
    this.listener = listener;
  }

  private Behavior<Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Attach attach -> onAttach(attach);
            case Map map -> onMap(map);
            case Detach(var attachment) -> onDetach(attachment);
            case Closed closed -> stagings.closed(closed);
            case FromWire(var gateway, var event) -> onEvent(gateway, event);
            case Local here -> stagings.local(here);
            case LocalRefused(var id, var refusal) -> stagings.localRefused(id, refusal);
            case Reopened(var id, var working) -> stagings.reopened(id, working);
            case GatewayGone(var gateway) -> onGatewayGone(gateway);
          }
          return Behaviors.same();
        });
  }

  private void onAttach(Attach attach) {
    if (staged) {
      gateways.computeIfAbsent(attach.buffer().gateway(), this::listenTo).attach(++ids, attach);
    } else {
      attach
          .answer()
          .refused(
              new Refusal(
                  Errno.EREMOTEIO,
                  "another process's memory is not reached, and the policy permits no copies",
                  "bufferyard.actors.remote-path = staged"));
    }
  }

  private FarGateway listenTo(ActorRef<Wire.Command> ref) {
    FarGateway gateway = new FarGateway(ref, context);
    context.watchWith(ref, new GatewayGone(gateway));
    return gateway;
  }

  private void onMap(Map map) {
    FarGateway gateway = gateways.get(map.attachment().buffer().gateway());
    if (gateway == null || !gateway.has(map.attachment())) {
      map.answer().refused(new Refusal(Errno.ENOENT, "no such attachment any more"));
    } else {
      stagings.map(++ids, gateway, map);
    }
  }

  private void onDetach(RemoteAttachment attachment) {
    FarGateway gateway = gateways.get(attachment.buffer().gateway());
    if (gateway != null) {
      gateway.detach(++ids, attachment);
    }
  }

  private void onEvent(FarGateway from, Wire.Event event) {
    switch (event) {
      case Wire.Attached(var token, var number, var sizeBytes) -> onAttached(from, token, number);
      case Wire.Mapped mapped -> stagings.mapped(from, mapped);
      case Wire.Chunk chunk -> stagings.chunk(from, chunk);
      case Wire.Stored stored -> stagings.stored(from, stored.token());
      case Wire.Unmapped unmapped -> stagings.unmapped(from, unmapped.token());
      case Wire.Refused(var token, var refusal) -> onRefused(from, token, refusal);
      case Wire.Invalidate(var number, var generation) -> onInvalidate(from, number, generation);
      case Wire.Detached detached -> {}
      case Wire.MappedBatch batch -> {}
    }
  }

  private void onAttached(FarGateway from, long token, int number) {
    Attach attach = from.answered(token);
    if (attach != null) {
      RemoteAttachment attachment =
          new RemoteAttachment(
              attach.buffer(), number, context.getSelf(), context.getSystem().executionContext());
      from.attached(attachment);
      attach.answer().done(attachment);
    }
  }

  /** Of an attach or of a lease. */
  private void onRefused(FarGateway from, long token, Refusal refusal) {
    Attach attach = from.answered(token);
    if (attach != null) {
      attach.answer().refused(refusal);
    } else {
      stagings.refused(from, token, refusal);
    }
  }

  private void onInvalidate(FarGateway from, int number, long generation) {
    RemoteAttachment attachment = from.attachment(number);
    if (attachment != null && listener != null) {
      listener.tell(new Invalidated(attachment.buffer(), generation));
    }
  }

  /** Its process died, or cannot be reached. */
  private void onGatewayGone(FarGateway gateway) {
    gateways.remove(gateway.ref);
    Refusal gone = new Refusal(Errno.ENODEV, "the gateway " + gateway.ref.path() + " is gone");
    gateway.gone(gone);
    stagings.gone(gateway, gone);
    context.stop(gateway.ear);
  }
}
