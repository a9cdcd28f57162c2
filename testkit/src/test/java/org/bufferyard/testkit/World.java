package org.bufferyard.testkit;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A little of everything whose order could leak from outside the seed: supervised actors that hop
 * messages to one another, fail and back off with jitter, are watched by more actors than a small
 * set holds, register with the receptionist, and run streams with asynchronous boundaries.
 */
final class World {
  private static final ServiceKey<Hop> PEERS = ServiceKey.create(Hop.class, "peers");
  private static final int WATCHERS = 8;

  private World() {}

  record Hop(int hopsLeft, long token) {}

  /** The guardian: starts the peers, the watchers and a stream; {@code log} sees what they saw. */
  static Behavior<String> guardian(int peers, Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          List<ActorRef<Hop>> refs = new ArrayList<>();
          for (int i = 0; i < peers; i++) {
            refs.add(context.spawn(peer(i, refs), "peer-" + i));
          }
          for (int i = 0; i < WATCHERS; i++) {
            context.spawn(watcher(refs.get(0), "watcher-" + i, log), "watcher-" + i);
          }
          context.spawn(listings(log), "listings");
          runStream(context, log);
          refs.forEach(ref -> ref.tell(new Hop(20, ref.path().name().hashCode())));
          return Behaviors.empty();
        });
  }

  private static Behavior<Hop> peer(int index, List<ActorRef<Hop>> peers) {
    Behavior<Hop> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      context
                          .getSystem()
                          .receptionist()
                          .tell(Receptionist.register(PEERS, context.getSelf()));
                      return hopping(index, peers, timers);
                    }));
    return Behaviors.supervise(behavior)
        .onFailure(
            IllegalStateException.class,
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(1), Duration.ofMillis(50), 0.5));
  }

  private static Behavior<Hop> hopping(
      int index, List<ActorRef<Hop>> peers, TimerScheduler<Hop> timers) {
    return Behaviors.receiveMessage(
        hop -> {
          if (hop.hopsLeft() == 0) {
            return index == 0 ? Behaviors.stopped() : Behaviors.same();
          }
          long token = SplitMix64.mix(hop.token() + index);
          Hop next = new Hop(hop.hopsLeft() - 1, token);
          peers.get((int) Long.remainderUnsigned(token, peers.size())).tell(next);
          if (token % 7 == 0) {
            timers.startSingleTimer(hop, next, Duration.ofNanos(token & 0xFFFFF));
          }
          if (token % 31 == 0) {
            throw new IllegalStateException("planned");
          }
          return Behaviors.same();
        });
  }

  private static Behavior<Void> watcher(ActorRef<Hop> watched, String name, Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          context.watch(watched);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  signal -> {
                    log.accept(name + " saw " + signal.getRef().path().name());
                    return Behaviors.stopped();
                  })
              .build();
        });
  }

  private static Behavior<Receptionist.Listing> listings(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.subscribe(PEERS, context.getSelf()));
          return Behaviors.receiveMessage(
              listing -> {
                StringBuilder names = new StringBuilder("listing");
                listing
                    .getServiceInstances(PEERS)
                    .forEach(ref -> names.append(' ').append(ref.path().name()));
                log.accept(names.toString());
                return Behaviors.same();
              });
        });
  }

  private static void runStream(ActorContext<String> context, Consumer<String> log) {
    Source.range(1, 40)
        .async()
        .map(i -> i * 3)
        .async()
        .groupedWithin(7, Duration.ofMillis(3))
        .runWith(Sink.foreach(group -> log.accept("group " + group)), context.getSystem());
  }
}
