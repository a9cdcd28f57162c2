package org.bufferyard.actors.inspect;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.actors.protocol.BufferInfo;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.WaitReport;
import org.bufferyard.actors.protocol.Waits;
import org.bufferyard.actors.yard.Yard;

/**
 * Asks all buffers and regions of a yard what they are like, and everybody whom they wait for;
 * answers once and stops. Costs nothing before it is spawned. The answers are a consistent cut if
 * nothing else was under way meanwhile, as at an instant of virtual time whose messages have all
 * been handled. Owners that have not answered after {@link Waits#LIMIT_NANOS} are left out, and
 * counted.
 */
public final class Inspection {
  public sealed interface Command {}

  private record Told(BufferInfo info) implements Command {}

  private record SlabAsked(int buffers) implements Command {}

  private record Sampled(Region.Occupancy occupancy) implements Command {}

  private record Waiting(Waits.Snapshot snapshot) implements Command {}

  private record TimeUp() implements Command {}

  /**
   * What was told.
   *
   * @param buffers by id
   * @param regions by index
   * @param asked owners asked, of whatever
   * @param answered of these
   */
  public record Report(
      List<BufferInfo> buffers,
      List<Region.Occupancy> regions,
      List<WaitReport.Edge> waits,
      int asked,
      int answered) {}

  private final ActorRef<Report> replyTo;
  private final List<BufferInfo> buffers = new ArrayList<>();
  private final List<Region.Occupancy> regions = new ArrayList<>();
  private List<WaitReport.Edge> waits = List.of();
  private boolean waitsTold;
  private int slabsToHear;
  private int asked;
  private int answered;

  private Inspection(Yard yard, ActorRef<Report> replyTo) {
    this.replyTo = replyTo;
    this.slabsToHear = yard.slabs().size();
    this.asked = yard.regions().size();
  }

  /**
   * One look at {@code yard}.
   *
   * @param more whom else to ask for their waits: devices, shared reservations
   */
  public static Behavior<Command> create(
      Yard yard, List<Waits.Source> more, ActorRef<Report> replyTo) {
    return Behaviors.setup(
        context -> {
          Inspection inspection = new Inspection(yard, replyTo);
          inspection.ask(context, yard, more);
          return inspection.collecting();
        });
  }

  private void ask(ActorContext<Command> context, Yard yard, List<Waits.Source> more) {
    ActorRef<BufferInfo> infos = context.messageAdapter(BufferInfo.class, Told::new);
    ActorRef<Slab.WaitsAsked> slabs =
        context.messageAdapter(Slab.WaitsAsked.class, told -> new SlabAsked(told.buffers()));
    ActorRef<Region.Occupancy> samples =
        context.messageAdapter(Region.Occupancy.class, Sampled::new);
    ActorRef<Waits.Snapshot> snapshots = context.messageAdapter(Waits.Snapshot.class, Waiting::new);
    yard.slabs().forEach(slab -> slab.tell(new Slab.TellInfos(infos, slabs)));
    yard.regions().forEach(region -> region.tell(new Region.Sample(samples)));
    yard.waits().tell(new Waits.TakeSnapshot(more, snapshots));
    context.scheduleOnce(
        yard.environment().clock().toScheduler(2 * Waits.LIMIT_NANOS),
        context.getSelf(),
        new TimeUp());
  }

  private Behavior<Command> collecting() {
    return Behaviors.receiveMessage(
        command -> {
          boolean timeUp = false;
          switch (command) {
            case Told(var info) -> {
              answered++;
              buffers.add(info);
            }
            case SlabAsked(var count) -> {
              slabsToHear--;
              asked += count;
            }
            case Sampled(var occupancy) -> {
              answered++;
              regions.add(occupancy);
            }
            case Waiting(var snapshot) -> {
              waitsTold = true;
              asked += snapshot.asked();
              answered += snapshot.answered();
              waits = snapshot.edges();
            }
            case TimeUp up -> timeUp = true;
          }
          boolean complete = slabsToHear == 0 && waitsTold && answered == asked;
          return timeUp || complete ? end() : Behaviors.same();
        });
  }

  private Behavior<Command> end() {
    buffers.sort(Comparator.comparing(BufferInfo::buffer));
    regions.sort(Comparator.comparingInt(Region.Occupancy::region));
    replyTo.tell(new Report(List.copyOf(buffers), List.copyOf(regions), waits, asked, answered));
    return Behaviors.stopped();
  }
}
