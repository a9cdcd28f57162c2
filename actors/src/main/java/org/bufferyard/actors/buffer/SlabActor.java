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
    BufferCore.World world = new BufferCore.World(environment, placer, regions, migration);
    return Behaviors.setup(context -> new SlabActor(context, world, index, slabs).serving());
  }

  private final ActorContext<Slab.Command> context;
  private final BufferCore.World world;
  private final int slabs;
  private long nextId;

  private SlabActor(
      ActorContext<Slab.Command> context, BufferCore.World world, int index, int slabs) {
    this.context = context;
    this.world = world;
    this.slabs = slabs;
    this.nextId = index;
  }

  private Behavior<Slab.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Slab.Create create -> onCreate(create);
          }
          return Behaviors.same();
        });
  }

  private void onCreate(Slab.Create create) {
    BufferId id = new BufferId(nextId);
    nextId += slabs;
    ActorRef<Buffer.Command> buffer =
        context.spawn(
            BufferActor.create(
                world,
                id,
                create.owner(),
                create.epoch(),
                create.first(),
                create.spec(),
                create.preferredNames()),
            id.toString());
    create.replyTo().tell(new Session.Created(create.requestId(), id, buffer));
  }
}
