package org.bufferyard.actors.buffer;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Slab;

/**
 * The parent of every n-th buffer: a single parent of a million children is slow to spawn under.
 * Keeps nothing but the next id.
 */
public final class SlabActor {
  /**
   * One slab of a yard.
   *
   * @param index of this slab, {@code 0..slabs-1}
   */
  public static Behavior<Slab.Command> create(
      Environment environment,
      Placer placer,
      List<ActorRef<Region.Command>> regions,
      ActorRef<Migration.Command> migration,
      int index,
      int slabs) {
    return Behaviors.setup(
        context -> {
          BufferCore.World world =
              new BufferCore.World(environment, placer, regions, migration, context.getSelf());
          return new SlabActor(context, world, index, slabs).serving();
        });
  }

  private final ActorContext<Slab.Command> context;
  private final BufferCore.World world;
  private final int slabs;
  private final int index;
  private long nextId;
  private long created;
  private int alive;
  private long handled;

  private SlabActor(
      ActorContext<Slab.Command> context, BufferCore.World world, int index, int slabs) {
    this.context = context;
    this.world = world;
    this.index = index;
    this.slabs = slabs;
    this.nextId = index;
  }

  private Behavior<Slab.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Slab.Create create -> onCreate(create);
            case Slab.Gone gone -> onGone(gone);
            case Slab.Forsaken(var session) -> onForsaken(session);
            case Slab.TellHistory tell -> onTellHistory(tell);
            case Slab.TellWaits tell -> onTellWaits(tell);
            case Slab.TellInfos tell -> onTellInfos(tell);
            case Slab.CloseBooks close ->
                close.replyTo().tell(new Slab.Books(index, created, alive, handled));
          }
          return Behaviors.same();
        });
  }

  private void onGone(Slab.Gone gone) {
    alive--;
    handled += gone.handled();
  }

  /** Which buffers were meant nobody wrote down: it is for a rare failure, so all are asked. */
  private void onForsaken(ActorRef<Session.Command> session) {
    context
        .getChildren()
        .forEach(
            buffer -> buffer.<Buffer.Command>unsafeUpcast().tell(new Buffer.SessionGone(session)));
  }

  private void onTellHistory(Slab.TellHistory tell) {
    context
        .getChild(tell.buffer().toString())
        .ifPresentOrElse(
            child ->
                child.<Buffer.Command>unsafeUpcast().tell(new Buffer.TellHistory(tell.replyTo())),
            () -> tell.replyTo().tell(new Buffer.History(tell.buffer(), List.of())));
  }

  private void onTellWaits(Slab.TellWaits tell) {
    askAll(new Buffer.TellWaits(tell.replyTo()), tell.askedTo());
  }

  private void onTellInfos(Slab.TellInfos tell) {
    askAll(new Buffer.TellInfo(tell.replyTo()), tell.askedTo());
  }

  private void askAll(Buffer.Command question, ActorRef<Slab.WaitsAsked> askedTo) {
    List<ActorRef<Void>> buffers = List.copyOf(context.getChildren());
    askedTo.tell(new Slab.WaitsAsked(buffers.size()));
    buffers.forEach(buffer -> buffer.<Buffer.Command>unsafeUpcast().tell(question));
  }

  private void onCreate(Slab.Create create) {
    BufferId id = new BufferId(nextId);
    nextId += slabs;
    created++;
    alive++;
    ActorRef<Buffer.Command> buffer =
        context.spawn(
            BufferActor.create(
                world,
                id,
                create.owner(),
                create.epoch(),
                create.first(),
                create.replyTo(),
                create.spec(),
                create.preferredNames()),
            id.toString());
    create.replyTo().tell(new Session.Created(create.requestId(), id, buffer));
  }
}
