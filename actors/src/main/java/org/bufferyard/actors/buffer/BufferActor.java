package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Tap;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Session.ExportSpec;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * One buffer: owns its rights, attachments, fences, holds and placement. Requests that need a
 * placement are held, at most {@link org.bufferyard.actors.environment.YardSettings#HELD_MAX}, and
 * go on in order of arrival. Lean on purpose, since there may be a million: no logger, timer or
 * adapter, desks only once there is work for them; deadlines belong to whoever asks.
 */
public final class BufferActor extends ExtensibleBehavior<Buffer.Command> {
  private final BufferCore core;
  private final @Nullable History history;
  private @Nullable BufferDesks desks;

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
          Tap.Line tap = world.environment().tap().line(id);
          if (tap != null) {
            tap.made(context.getSelf(), first, Pages.ofBytes(spec.sizeBytes()));
          }
          BufferCore core = new BufferCore(world, context, id, owner, spec, preferredNames, tap);
          core.rights.grant(first, owner, epoch, Rights.ALL, session);
          BufferActor buffer = new BufferActor(core);
          if (spec.options().early() != null) {
            buffer.desks().placement.allocateEarly(spec.options().early());
          }
          return buffer;
        });
  }

  private BufferActor(BufferCore core) {
    this.core = core;
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
    if (core.tap != null) {
      core.tap.handles(command);
    }
    if (history != null) {
      history.record(core.now(), command);
    }
    return switch (command) {
      case Buffer.Question question -> {
        answer(question);
        yield this;
      }
      case Buffer.Order order -> desks().serve(order) ? Behaviors.stopped() : this;
    };
  }

  private BufferDesks desks() {
    BufferDesks ready = desks;
    if (ready == null) {
      ready = new BufferDesks(core);
      desks = ready;
    }
    return ready;
  }

  private void answer(Buffer.Question question) {
    switch (question) {
      case Buffer.TellHistory tell ->
          tell.replyTo()
              .tell(new Buffer.History(core.id, history == null ? List.of() : history.lines()));
      case Buffer.TellInfo tell -> tell.replyTo().tell(BufferInfos.of(core));
      case Buffer.TellWaits tell -> tell.replyTo().tell(BufferWaits.of(core));
    }
  }

  @Override
  public Behavior<Buffer.Command> receiveSignal(
      TypedActorContext<Buffer.Command> context, Signal signal) {
    return Behaviors.unhandled();
  }
}
