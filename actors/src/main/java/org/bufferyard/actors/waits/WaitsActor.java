package org.bufferyard.actors.waits;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.protocol.Waits;

/**
 * Takes snapshots of who waits for whom, each by a child that collects the reports. Costs nothing
 * until somebody asks. Bounded: {@link Waits#SNAPSHOTS_MAX} at once, {@link Waits#LIMIT_NANOS}
 * each.
 */
public final class WaitsActor {
  public static Behavior<Waits.Command> create(
      Environment environment,
      List<ActorRef<Slab.Command>> slabs,
      ActorRef<Migration.Command> migration) {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                command -> {
                  switch (command) {
                    case Waits.TakeSnapshot take -> {
                      if (context.getChildren().size() < Waits.SNAPSHOTS_MAX) {
                        context.spawnAnonymous(
                            Collection.create(environment, slabs, migration, take));
                      } else {
                        take.replyTo().tell(new Waits.Snapshot(List.of(), 0, 0));
                      }
                    }
                  }
                  return Behaviors.same();
                }));
  }

  /** One snapshot under way. */
  private static final class Collection {
    sealed interface Command {}

    record Reported(WaitReport report) implements Command {}

    record SlabAsked(Slab.WaitsAsked asked) implements Command {}

    record TimeUp() implements Command {}

    private final Waits.TakeSnapshot take;
    private final List<WaitReport.Edge> edges = new ArrayList<>();
    private int slabsToHear;
    private int asked;
    private int answered;

    private Collection(Waits.TakeSnapshot take, int slabs) {
      this.take = take;
      this.slabsToHear = slabs;
      this.asked = take.more().size() + 1;
    }

    static Behavior<Command> create(
        Environment environment,
        List<ActorRef<Slab.Command>> slabs,
        ActorRef<Migration.Command> migration,
        Waits.TakeSnapshot take) {
      return Behaviors.setup(
          context -> {
            Collection collection = new Collection(take, slabs.size());
            collection.ask(context, slabs, migration);
            context.scheduleOnce(
                environment.clock().toScheduler(Waits.LIMIT_NANOS),
                context.getSelf(),
                new TimeUp());
            return collection.collecting();
          });
    }

    private void ask(
        ActorContext<Command> context,
        List<ActorRef<Slab.Command>> slabs,
        ActorRef<Migration.Command> migration) {
      ActorRef<WaitReport> reports = context.messageAdapter(WaitReport.class, Reported::new);
      ActorRef<Slab.WaitsAsked> slabAnswers =
          context.messageAdapter(Slab.WaitsAsked.class, SlabAsked::new);
      slabs.forEach(slab -> slab.tell(new Slab.TellWaits(reports, slabAnswers)));
      migration.tell(new Migration.TellWaits(reports));
      take.more().forEach(source -> source.ask(reports));
    }

    private Behavior<Command> collecting() {
      return Behaviors.receiveMessage(
          command -> {
            boolean timeUp = false;
            switch (command) {
              case Reported(var report) -> {
                answered++;
                edges.addAll(report.edges());
              }
              case SlabAsked(var slab) -> {
                slabsToHear--;
                asked += slab.buffers();
              }
              case TimeUp up -> timeUp = true;
            }
            if (timeUp || (slabsToHear == 0 && answered == asked)) {
              take.replyTo().tell(new Waits.Snapshot(List.copyOf(edges), asked, answered));
              return Behaviors.stopped();
            }
            return Behaviors.same();
          });
    }
  }

  private WaitsActor() {}
}
