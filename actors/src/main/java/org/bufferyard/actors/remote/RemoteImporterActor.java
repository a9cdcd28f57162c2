package org.bufferyard.actors.remote;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.lease.Answer;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
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

  record FromWire(Wire.Event event) implements Command {}

  record Local(long staging, BufferAttachment attachment, Mapping working, Mapping leased)
      implements Command {}

  record LocalRefused(long staging, Refusal refusal) implements Command {}

  record Reopened(long staging, Mapping working) implements Command {}

  record GatewayGone(ActorRef<Wire.Command> gateway) implements Command {}

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
  private final ActorRef<Wire.Event> ear;
  private final StagingRoom room;
  private final ByteFerry ferry;
  private final LinkedHashMap<Long, Attach> attaching = new LinkedHashMap<>();
  private final LinkedHashMap<Long, Staging> stagings = new LinkedHashMap<>();
  private final LinkedHashSet<RemoteAttachment> attachments = new LinkedHashSet<>();
  private final LinkedHashSet<ActorRef<Wire.Command>> gateways = new LinkedHashSet<>();
  private long ids;

  private RemoteImporterActor(
      ActorContext<Command> context,
      ClientRef client,
      HostImporter local,
      boolean staged,
      @Nullable ActorRef<? super Invalidated> listener) {
    this.context = context;
    this.room = new StagingRoom(context.getSelf(), client, local);
    this.staged = staged;
    this.listener = listener;
    ActorRef<Command> self = context.getSelf();
    // A child of its own, so that a gateway can watch it.
    this.ear =
        context.spawn(
            Behaviors.receiveMessage(
                event -> {
                  self.tell(new FromWire(event));
                  return Behaviors.same();
                }),
            "ear");
    this.ferry = new ByteFerry(ear);
  }

  private Behavior<Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Attach attach -> onAttach(attach);
            case Map map -> onMap(map);
            case Detach(var attachment) -> onDetach(attachment);
            case Closed closed -> onClosed(closed);
            case FromWire(var event) -> onEvent(event);
            case Local here -> onLocal(here);
            case LocalRefused(var id, var refusal) -> onRefused(id, refusal);
            case Reopened(var id, var working) -> onReopened(id, working);
            case GatewayGone(var gateway) -> onGatewayGone(gateway);
          }
          return Behaviors.same();
        });
  }

  private void onAttach(Attach attach) {
    if (!staged) {
      attach
          .answer()
          .refused(
              new Refusal(
                  Errno.EREMOTEIO,
                  "another process's memory is not reached, and the policy permits no copies",
                  "bufferyard.actors.remote-path = staged"));
      return;
    }
    ActorRef<Wire.Command> gateway = attach.buffer().gateway();
    if (gateways.add(gateway)) {
      context.watchWith(gateway, new GatewayGone(gateway));
    }
    long token = ++ids;
    attaching.put(token, attach);
    gateway.tell(new Wire.Attach(token, attach.buffer().handle(), ear));
  }

  private void onMap(Map map) {
    if (!attachments.contains(map.attachment())) {
      map.answer().refused(new Refusal(Errno.ENOENT, "no such attachment any more"));
      return;
    }
    Staging staging = new Staging(++ids, map.attachment(), map.direction(), map.answer());
    stagings.put(staging.id, staging);
    staging.tell(new Wire.Map(staging.id, map.attachment().number(), map.direction(), ear));
  }

  private void onDetach(RemoteAttachment attachment) {
    if (attachments.remove(attachment)) {
      attachment.buffer().gateway().tell(new Wire.Detach(++ids, attachment.number(), ear));
    }
  }

  // --- what gateways say ----------------------------------------------------------------------

  private void onEvent(Wire.Event event) {
    switch (event) {
      case Wire.Attached(var token, var number, var sizeBytes) -> onAttached(token, number);
      case Wire.Mapped mapped -> onMapped(mapped);
      case Wire.Chunk chunk -> onChunk(chunk);
      case Wire.Stored stored -> onStored(stored.token());
      case Wire.Unmapped unmapped -> onUnmapped(unmapped.token());
      case Wire.Refused(var token, var refusal) -> onRefused(token, refusal);
      case Wire.Invalidate(var number, var generation) -> onInvalidate(number, generation);
      case Wire.Detached detached -> {}
      case Wire.MappedBatch batch -> {}
    }
  }

  private void onAttached(long token, int number) {
    Attach attach = attaching.remove(token);
    if (attach != null) {
      RemoteAttachment attachment =
          new RemoteAttachment(
              attach.buffer(), number, context.getSelf(), context.getSystem().executionContext());
      attachments.add(attachment);
      attach.answer().done(attachment);
    }
  }

  private void onMapped(Wire.Mapped mapped) {
    Staging staging = stagings.get(mapped.token());
    if (staging == null) {
      return;
    }
    staging.mapping = mapped.mapping();
    staging.generation = mapped.generation();
    staging.state = Staging.State.ALLOCATING;
    room.allocate(staging);
  }

  private void onLocal(Local here) {
    Staging staging = stagings.get(here.staging());
    if (staging == null) {
      here.working().close();
      here.leased().close();
      here.attachment().detach();
      here.attachment().buffer().release();
      return;
    }
    staging.local = here.attachment();
    staging.working = here.working();
    staging.leased = here.leased();
    staging.state = Staging.State.FETCHING;
    ferry.fetchMore(staging);
  }

  private void onChunk(Wire.Chunk chunk) {
    Staging staging = stagings.get(chunk.token());
    if (staging == null || staging.working == null || staging.leased == null) {
      return;
    }
    try (MemoryView view = staging.working.open()) {
      view.put(chunk.offset(), chunk.bytes());
    } catch (IllegalStateException | IndexOutOfBoundsException ended) {
      onRefused(staging.id, new Refusal(Errno.ECANCELED, String.valueOf(ended.getMessage())));
      return;
    }
    staging.doneBytes += chunk.bytes().size();
    if (staging.doneBytes < staging.sizeBytes()) {
      ferry.fetchMore(staging);
    } else {
      staging.state = Staging.State.LEASED;
      staging.working.close();
      staging.answer.done(
          new RemoteMapping(
              staging.leased,
              staging.generation,
              staging.id,
              context.getSelf(),
              context.getSystem().executionContext()));
    }
  }

  private void onClosed(Closed closed) {
    long id = closed.staging();
    Staging staging = stagings.get(id);
    if (staging == null || staging.local == null) {
      closed.unmapped().refused(new Refusal(Errno.ENODEV, "the buffer's process is gone"));
      return;
    }
    staging.unmapped = closed.unmapped();
    if (staging.direction.deviceWrites()) {
      staging.state = Staging.State.STORING;
      staging.askedBytes = 0;
      staging.doneBytes = 0;
      room.reopen(id, staging.local);
    } else {
      unmap(staging);
    }
  }

  private void onReopened(long id, Mapping working) {
    Staging staging = stagings.get(id);
    if (staging == null) {
      working.close();
      return;
    }
    staging.working = working;
    storeMore(staging, working);
  }

  private void storeMore(Staging staging, Mapping working) {
    try {
      ferry.storeMore(staging, working);
    } catch (IllegalStateException reclaimed) {
      unmap(staging);
    }
  }

  private void onStored(long id) {
    Staging staging = stagings.get(id);
    if (staging == null || staging.working == null) {
      return;
    }
    staging.doneBytes = Math.min(staging.sizeBytes(), staging.doneBytes + Wire.CHUNK_BYTES);
    if (staging.doneBytes < staging.sizeBytes()) {
      storeMore(staging, staging.working);
    } else {
      unmap(staging);
    }
  }

  private void unmap(Staging staging) {
    staging.state = Staging.State.UNMAPPING;
    staging.tell(new Wire.Unmap(staging.id, staging.mapping, ear));
  }

  private void onUnmapped(long id) {
    Staging staging = stagings.remove(id);
    if (staging != null) {
      staging.free();
      if (staging.unmapped != null) {
        staging.unmapped.done(Done.getInstance());
      }
    }
  }

  /** Of an attach or of a lease; what is half done is undone. */
  private void onRefused(long id, Refusal refusal) {
    Attach attach = attaching.remove(id);
    if (attach != null) {
      attach.answer().refused(refusal);
    }
    Staging staging = stagings.remove(id);
    if (staging != null) {
      if (staging.mapping != 0) {
        staging.tell(new Wire.Unmap(staging.id, staging.mapping, ear));
      }
      staging.end(refusal);
    }
  }

  private void onInvalidate(int number, long generation) {
    for (RemoteAttachment attachment : attachments) {
      if (attachment.number() == number && listener != null) {
        listener.tell(new Invalidated(attachment.buffer(), generation));
      }
    }
  }

  /** Its process died, or cannot be reached: what is staged can be read until it is closed. */
  private void onGatewayGone(ActorRef<Wire.Command> gateway) {
    gateways.remove(gateway);
    attachments.removeIf(attachment -> attachment.buffer().gateway().equals(gateway));
    Refusal gone = new Refusal(Errno.ENODEV, "the gateway " + gateway.path() + " is gone");
    for (var entry : List.copyOf(attaching.entrySet())) {
      if (entry.getValue().buffer().gateway().equals(gateway)) {
        onRefused(entry.getKey(), gone);
      }
    }
    for (Staging staging : List.copyOf(stagings.values())) {
      if (staging.attachment.buffer().gateway().equals(gateway)) {
        onRefused(staging.id, gone);
      }
    }
  }
}
