package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.simulator.scenario.ClaimsSpec;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Workload;

/**
 * Tells the nearest region who is in the foreground, when the scenario says so; says no more once
 * the workload is over, and lives on, since a director's child that stops is a failure.
 */
final class Spotlight {
  private record Next() {}

  /** A client, or the yard for nobody, comes to the foreground. */
  private record Turn(long atNanos, ClientId client) {}

  private final ActorContext<Next> context;
  private final Director.Brief brief;
  private final ActorRef<Region.Command> region;
  private final List<Turn> turns;
  private final long everyNanos;
  private long round;
  private int next;

  private Spotlight(
      ActorContext<Next> context,
      Director.Brief brief,
      ActorRef<Region.Command> region,
      List<Turn> turns) {
    this.context = context;
    this.brief = brief;
    this.region = region;
    this.turns = turns;
    this.everyNanos = brief.scenario().manage().claims().everyNanos();
  }

  /** Not where nobody ever comes to the foreground. */
  static void open(ActorContext<?> context, Director.Brief brief, ActorRef<Region.Command> region) {
    List<Turn> turns = turns(brief.scenario().manage().claims(), brief.workload());
    if (!turns.isEmpty()) {
      context.spawn(
          Behaviors.<Next>setup(own -> new Spotlight(own, brief, region, turns).waiting()),
          "spotlight");
    }
  }

  private static List<Turn> turns(ClaimsSpec claims, Workload workload) {
    List<String> clients = workload.clients().stream().map(ClientScript::client).toList();
    List<Turn> turns = new ArrayList<>();
    for (ClaimsSpec.Turn turn : claims.turns()) {
      int index = clients.indexOf(turn.client());
      ClientId client = index < 0 ? ClientId.YARD : new ClientId(index);
      if (turn.phase().isEmpty()) {
        turns.add(new Turn(turn.atNanos(), client));
      }
      for (Workload.Phase phase : workload.phases()) {
        if (phase.name().equals(turn.phase())) {
          turns.add(new Turn(phase.fromNanos(), client));
        }
      }
    }
    turns.sort(Comparator.comparingLong(Turn::atNanos));
    return turns;
  }

  private Behavior<Next> waiting() {
    boolean more = scheduleNext();
    return more
        ? Behaviors.receiveMessage(
            now -> {
              region.tell(new Region.Foreground(turns.get(next++).client()));
              return scheduleNext() ? Behaviors.same() : Behaviors.empty();
            })
        : Behaviors.empty();
  }

  private boolean scheduleNext() {
    if (next == turns.size() && everyNanos > 0) {
      next = 0;
      round++;
    }
    if (next == turns.size()) {
      return false;
    }
    long atNanos = round * everyNanos + turns.get(next).atNanos();
    if (atNanos >= brief.workload().durationNanos()) {
      return false;
    }
    long fromNow = Math.max(0, atNanos - brief.clock().nowNanos());
    context.scheduleOnce(brief.clock().toScheduler(fromNow), context.getSelf(), new Next());
    return true;
  }
}
