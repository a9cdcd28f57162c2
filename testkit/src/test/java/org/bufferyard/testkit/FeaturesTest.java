package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.testkit.Recorded.millis;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Akka's own features run unmodified, equal for equal seeds and different for different ones. */
class FeaturesTest {
  private static final int SEEDS = 8;

  @Test
  void stash_unstashAll_keepsOrder() {
    Set<List<String>> orders = Recorded.orders(SEEDS, FeaturesTest::stashing);

    assertThat(orders).containsExactly(List.of("1", "2", "3"));
  }

  private static Behavior<String> stashing(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          ActorRef<String> store = context.spawn(closedStore(log), "store");
          List.of("1", "2", "3", "open").forEach(store::tell);
          return Behaviors.empty();
        });
  }

  private static Behavior<String> closedStore(Consumer<String> log) {
    Behavior<String> open =
        Behaviors.receiveMessage(
            item -> {
              log.accept(item);
              return Behaviors.same();
            });
    return Behaviors.withStash(
        10,
        stash ->
            Behaviors.receiveMessage(
                item -> {
                  if (item.equals("open")) {
                    return stash.unstashAll(open);
                  }
                  stash.stash(item);
                  return Behaviors.same();
                }));
  }

  @Test
  void timers_sameInstant_raceBySeedOnVirtualTime() {
    Set<List<String>> orders = Recorded.orders(SEEDS, FeaturesTest::threeTimers);

    assertThat(orders).hasSizeGreaterThan(1).allSatisfy(order -> assertThat(order).hasSize(9));
    Recorded run = Recorded.run(Settings.seed(0), FeaturesTest::threeTimers);
    assertThat(run.nowNanos()).isEqualTo(millis(3 * 3600_000).toNanos());
  }

  private static Behavior<String> threeTimers(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          for (String name : List.of("a", "b", "c")) {
            context.spawn(ticking(name, log), name);
          }
          return Behaviors.empty();
        });
  }

  private static Behavior<String> ticking(String name, Consumer<String> log) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerAtFixedRate("tick", millis(3600_000));
          int[] ticks = {0};
          return Behaviors.receiveMessage(
              tick -> {
                log.accept(name + ++ticks[0]);
                return ticks[0] == 3 ? Behaviors.stopped() : Behaviors.same();
              });
        });
  }

  @Test
  void deathWatch_manyWatchers_eachToldOnce() {
    Set<List<String>> orders = Recorded.orders(SEEDS, FeaturesTest::watched);

    assertThat(orders)
        .hasSizeGreaterThan(1)
        .allSatisfy(order -> assertThat(order).containsExactlyInAnyOrderElementsOf(names("w", 9)));
  }

  private static Behavior<String> watched(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          ActorRef<String> mortal =
              context.spawn(Behaviors.receiveMessage(any -> Behaviors.stopped()), "mortal");
          names("w", 9).forEach(name -> context.spawn(watcher(mortal, name, log), name));
          context.scheduleOnce(millis(1), mortal, "die");
          return Behaviors.empty();
        });
  }

  private static Behavior<Void> watcher(ActorRef<?> of, String name, Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          context.watch(of);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  signal -> {
                    log.accept(name);
                    return Behaviors.stopped();
                  })
              .build();
        });
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  @Test
  void supervision_restartWithBackoffAndJitter_onVirtualTime() {
    Recorded run = Recorded.run(Settings.seed(5), FeaturesTest::failingTwice);

    assertThat(run.lines()).containsExactly("start", "start", "start", "done");
    assertThat(run.nowNanos()).isBetween(millis(3000).toNanos(), millis(4500).toNanos() + 1);
    assertThat(run.incident()).isEqualTo(Recorded.Incident.NONE);
    assertThat(run).isEqualTo(Recorded.run(Settings.seed(5), FeaturesTest::failingTwice));
    assertThat(run.nowNanos())
        .isNotEqualTo(Recorded.run(Settings.seed(6), FeaturesTest::failingTwice).nowNanos());
  }

  private static Behavior<String> failingTwice(Consumer<String> log) {
    int[] starts = {0};
    Behavior<String> child =
        Behaviors.setup(
            context -> {
              log.accept("start");
              if (++starts[0] < 3) {
                throw new IllegalStateException("start " + starts[0]);
              }
              log.accept("done");
              return Behaviors.empty();
            });
    return Behaviors.setup(
        context -> {
          context.spawn(
              Behaviors.supervise(child)
                  .onFailure(
                      SupervisorStrategy.restartWithBackoff(millis(1000), millis(60_000), 0.5)
                          .withResetBackoffAfter(millis(1))),
              "child");
          return Behaviors.empty();
        });
  }

  @Test
  void receptionist_listings_completeInTheEnd() {
    Set<List<String>> orders = Recorded.orders(SEEDS, FeaturesTest::registering);

    assertThat(orders)
        .hasSizeGreaterThan(1)
        .allSatisfy(order -> assertThat(order.getLast()).isEqualTo("[s0, s1, s2]"));
  }

  private static Behavior<Receptionist.Listing> registering(Consumer<String> log) {
    ServiceKey<String> key = ServiceKey.create(String.class, "service");
    return Behaviors.setup(
        context -> {
          var receptionist = context.getSystem().receptionist();
          receptionist.tell(Receptionist.subscribe(key, context.getSelf()));
          for (String name : names("s", 3)) {
            context.spawn(service(key), name);
          }
          return Behaviors.receiveMessage(
              listing -> {
                Set<String> names = new TreeSet<>();
                listing.getServiceInstances(key).forEach(ref -> names.add(ref.path().name()));
                log.accept(names.toString());
                return Behaviors.same();
              });
        });
  }

  private static Behavior<String> service(ServiceKey<String> key) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.register(key, context.getSelf()));
          return Behaviors.empty();
        });
  }

  record Alarm(int number) {}

  @Test
  void eventStream_subscribers_eachSeesEveryEvent() {
    Set<List<String>> orders = Recorded.orders(SEEDS, FeaturesTest::alarms);

    assertThat(orders)
        .hasSizeGreaterThan(1)
        .allSatisfy(
            order ->
                assertThat(order)
                    .containsExactlyInAnyOrder("a1", "a2", "b1", "b2")
                    .containsSubsequence("a1", "a2")
                    .containsSubsequence("b1", "b2"));
  }

  private static Behavior<String> alarms(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          for (String name : List.of("a", "b")) {
            ActorRef<Alarm> subscriber = context.spawn(alarmed(name, log), name);
            events(context).tell(new EventStream.Subscribe<>(Alarm.class, subscriber));
          }
          events(context).tell(new EventStream.Publish<>(new Alarm(1)));
          events(context).tell(new EventStream.Publish<>(new Alarm(2)));
          return Behaviors.empty();
        });
  }

  private static ActorRef<EventStream.Command> events(ActorContext<?> context) {
    return context.getSystem().eventStream();
  }

  private static Behavior<Alarm> alarmed(String name, Consumer<String> log) {
    return Behaviors.receiveMessage(
        alarm -> {
          log.accept(name + alarm.number());
          return Behaviors.same();
        });
  }
}
