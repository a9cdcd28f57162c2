package org.bufferyard.testkit;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.DeadLetter;
import akka.actor.Dropped;
import akka.actor.ExtendedActorSystem;
import akka.actor.Props;
import akka.actor.UnhandledMessage;
import akka.event.Logging;
import java.util.List;

/**
 * Brings incidents from the event stream. Runs inside whoever publishes them, so that it is never
 * scheduled and never late.
 */
final class IncidentListener extends AbstractActor {
  private static final List<Class<?>> EVENTS =
      List.of(DeadLetter.class, Dropped.class, UnhandledMessage.class, Logging.Error.class);

  private final StepLoop loop;

  private IncidentListener(StepLoop loop) {
    this.loop = loop;
  }

  static void start(ActorSystem system, StepLoop loop) {
    Props props =
        Props.create(IncidentListener.class, () -> new IncidentListener(loop))
            .withDispatcher(SimConfig.INLINE_DISPATCHER);
    ActorRef listener = ((ExtendedActorSystem) system).systemActorOf(props, "bufferyard-incidents");
    EVENTS.forEach(event -> system.eventStream().subscribe(listener, event));
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .matchAny(event -> loop.incidents().published(event, loop.nowNanos()))
        .build();
  }
}
