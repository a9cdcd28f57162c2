package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.bufferyard.testkit.Recorded.millis;

import akka.actor.ActorPath;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The system's own surface: clock, steps, incidents, foreign threads, random streams, closing. */
@Isolated("counts the threads of the JVM")
class SystemTest {
  private static DeterministicSystem<String> system(Behavior<String> guardian) {
    return DeterministicSystem.create(guardian, "system", Settings.seed(1));
  }

  private static Behavior<String> echoAfterHour(List<String> log) {
    return Behaviors.withTimers(
        timers ->
            Behaviors.receiveMessage(
                message -> {
                  log.add(message);
                  if (!message.equals("late")) {
                    timers.startSingleTimer("late", millis(3_600_000));
                  }
                  return Behaviors.same();
                }));
  }

  @Test
  void runUntilIdle_timerWaiting_clockDoesNotMove() {
    List<String> log = new ArrayList<>();
    try (var system = system(echoAfterHour(log))) {
      system.system().tell("now");
      assertThat(system.runUntilIdle(1000)).isPositive().isLessThan(1000);
      assertThat(system.runUntilIdle(1000)).isZero();
      assertThat(log).containsExactly("now");
      assertThat(system.nowNanos()).isZero();
    }
  }

  @Test
  void runFor_timerBeyondTheEnd_doesNotFire() {
    List<String> log = new ArrayList<>();
    try (var system = system(echoAfterHour(log))) {
      system.system().tell("now");
      system.runFor(millis(3_599_999));
      assertThat(log).containsExactly("now");
      assertThat(system.nowNanos()).isEqualTo(millis(3_599_999).toNanos());
      system.runFor(millis(1));
      assertThat(log).containsExactly("now", "late");
    }
  }

  @Test
  void step_untilFalse_countsEveryStep() {
    List<String> log = new ArrayList<>();
    try (var system = system(echoAfterHour(log))) {
      system.system().tell("now");
      long before = system.steps();
      long steps = 0;
      while (system.step()) {
        steps++;
      }
      assertThat(system.steps() - before).isEqualTo(steps);
      assertThat(log).containsExactly("now", "late");
      assertThat(system.recentSteps().getLast()).endsWith("@3600000000000ns /user");
    }
  }

  @Test
  void run_stepsUsedUp_false() {
    try (var system = system(Behaviors.setup(SystemTest::tellingItself))) {
      long before = system.steps();
      assertThat(system.run(() -> false, 500)).isFalse();
      assertThat(system.steps() - before).isEqualTo(500);
    }
  }

  private static Behavior<String> tellingItself(ActorContext<String> context) {
    context.getSelf().tell("again");
    return Behaviors.receiveMessage(
        message -> {
          context.getSelf().tell(message);
          return Behaviors.same();
        });
  }

  @Test
  void runFor_livelock_saysWhoTurns() {
    Settings settings = Settings.seed(1).withStepsPerInstantMax(10_000);
    var system =
        DeterministicSystem.create(Behaviors.setup(SystemTest::tellingItself), "s", settings);

    assertThatIllegalStateException()
        .isThrownBy(() -> system.runFor(millis(1)))
        .withMessageContaining("livelock: 10000 steps")
        .withMessageContaining("/user");
    assertThatIllegalStateException().isThrownBy(system::close);
  }

  @Test
  void incidents_lostUnhandledAndThrown_countedWithSamples() {
    Behavior<String> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<String> gone = context.spawn(Behaviors.<String>stopped(), "gone");
              context.scheduleOnce(millis(5), gone, "too late");
              context
                  .spawn(Behaviors.<String>receiveMessage(any -> Behaviors.unhandled()), "deaf")
                  .tell("hello?");
              ActorRef<String> weak = context.spawn(throwing(), "weak");
              weak.tell("x");
              return Behaviors.empty();
            });
    try (var system = system(guardian)) {
      system.runFor(millis(10));
      assertThat(system.deadLetters().count()).isEqualTo(1);
      assertThat(system.deadLetters().first())
          .containsExactly(new Letter("too late", "/user/gone", millis(5).toNanos()));
      assertThat(system.unhandled().first()).containsExactly(new Letter("hello?", "/user/deaf", 0));
      assertThat(system.failures().first())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.where()).isEqualTo("/user/weak");
                assertThat(failure.cause()).hasMessage("cannot x");
              });
    }
  }

  private static Behavior<String> throwing() {
    return Behaviors.receiveMessage(
        message -> {
          throw new IllegalArgumentException("cannot " + message);
        });
  }

  @Test
  void foreignThread_tell_messageDroppedAndReportedHere() {
    List<String> log = new ArrayList<>();
    try (var system = system(echoAfterHour(log))) {
      runForeign(() -> system.system().tell("from elsewhere"), new ArrayList<>());

      assertThatThrownBy(system::step)
          .isInstanceOf(ForeignThreadException.class)
          .hasMessageContaining(
              "a message from foreign thread \"stranger\" at " + getClass().getName())
          .hasCauseInstanceOf(ForeignThreadException.class);
      system.runFor(millis(1));
      assertThat(log).isEmpty();
    }
  }

  @Test
  void foreignThread_task_refusedThereAndReportedHere() {
    try (var system = system(Behaviors.empty())) {
      List<Throwable> seenThere = new ArrayList<>();
      runForeign(() -> system.system().executionContext().execute(() -> {}), seenThere);

      assertThat(seenThere).singleElement().isInstanceOf(ForeignThreadException.class);
      assertThatThrownBy(system::step)
          .hasMessage(seenThere.getFirst().getMessage())
          .cause()
          .isInstanceOf(ForeignThreadException.class);
    }
  }

  private static void runForeign(Runnable work, List<Throwable> failures) {
    Thread thread = new Thread(work, "stranger");
    thread.setUncaughtExceptionHandler((where, failure) -> failures.add(failure));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void foreignThread_completionStageOfCommonPool_reportedAtCloseAtTheLatest() {
    Behavior<String> guardian =
        Behaviors.setup(
            context -> {
              ForkJoinPool.commonPool().execute(() -> context.getSelf().tell("from the pool"));
              return Behaviors.empty();
            });
    var system = system(guardian);

    assertThatThrownBy(
            () -> {
              system.runUntilIdle(1000);
              system.close();
            })
        .isInstanceOf(ForeignThreadException.class)
        .hasMessageContaining("ForkJoinPool.commonPool");
    // The refused tell may have left a dead letter event behind, on the same foreign thread.
    assertThat(catchThrowable(system::close))
        .satisfiesAnyOf(
            none -> assertThat(none).isNull(),
            late -> assertThat(late).isInstanceOf(ForeignThreadException.class));
  }

  @Test
  void foreignThread_allowed_takenAndCounted() {
    List<String> log = new ArrayList<>();
    Settings lenient = Settings.seed(1).withForeignTasksRefused(false);
    try (var system = DeterministicSystem.create(echoAfterHour(log), "s", lenient)) {
      system.runUntilIdle(1000);
      runForeign(() -> system.system().tell("late"), new ArrayList<>());
      system.runUntilIdle(1000);
      assertThat(log).containsExactly("late");
      assertThat(system.foreignTasks()).isEqualTo(1);
    }
  }

  @Test
  void run_fromAnotherThread_refused() {
    try (var system = system(Behaviors.empty())) {
      List<Throwable> seenThere = new ArrayList<>();
      runForeign(system::step, seenThere);
      assertThat(seenThere)
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageContaining("by the thread that made it"));
    }
  }

  @Test
  void random_namedStreams_doNotShiftOneAnother() {
    try (var system = system(Behaviors.empty());
        var other = system(Behaviors.empty())) {
      RandomGenerator faults = system.random("faults");
      faults.nextLong();
      assertThat(system.random("faults")).isSameAs(faults);
      assertThat(system.random("work").nextLong()).isEqualTo(other.random("work").nextLong());
      assertThat(system.random("work").nextLong()).isNotEqualTo(faults.nextLong());
    }
  }

  @Test
  void close_leavesNoThreadAndNoRandomState() {
    Thread thread = Thread.currentThread();
    long id = thread.threadId();
    int threads = Thread.getAllStackTraces().size();
    for (int i = 0; i < 5; i++) {
      WorldRun.of(Settings.seed(i));
    }
    assertThat(Thread.getAllStackTraces().size()).isEqualTo(threads);
    assertThat(thread.threadId()).isEqualTo(id);
  }

  @Test
  void withConfig_userKeys_keptAndOwnKeysWin() {
    var config =
        ConfigFactory.parseString(
            "my.key = 7, akka.actor.default-dispatcher.type = Dispatcher, akka.loglevel = DEBUG");
    try (var system =
        DeterministicSystem.create(
            Behaviors.<String>empty(), "s", Settings.seed(1).withConfig(config))) {
      var seen = system.system().settings().config();
      assertThat(seen.getInt("my.key")).isEqualTo(7);
      assertThat(seen.getString("akka.loglevel")).isEqualTo("OFF");
      assertThat(system.system().dispatchers()).isNotNull();
      assertThat(system.foreignTasks()).isZero();
    }
  }

  @Test
  void observer_stepsAndSends_seen() {
    List<String> seen = new ArrayList<>();
    Observer observer =
        new Observer() {
          @Override
          public void onSend(@Nullable ActorPath from, ActorPath to, Object message) {
            if (message instanceof String) {
              seen.add((from == null ? "test" : from.name()) + "->" + to.name() + " " + message);
            }
          }
        };
    Behavior<String> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<String> child = context.spawn(Behaviors.<String>ignore(), "child");
              return Behaviors.receiveMessage(
                  message -> {
                    child.tell(message + "!");
                    return Behaviors.same();
                  });
            });
    try (var system =
        DeterministicSystem.create(guardian, "s", Settings.seed(1).withObserver(observer))) {
      system.system().tell("hi");
      system.runUntilIdle(1000);
    }
    assertThat(seen).containsExactly("test->user hi", "user->child hi!");
  }

  private static Behavior<String> passingTo(List<String> heard) {
    return Behaviors.setup(
        context -> {
          ActorRef<String> child =
              context.spawn(
                  Behaviors.<String>receiveMessage(
                      message -> {
                        heard.add(message);
                        return Behaviors.same();
                      }),
                  "child");
          ActorRef<Integer> adapter = context.messageAdapter(Integer.class, n -> "n" + n);
          return Behaviors.receiveMessage(
              message -> {
                if (message.startsWith("n")) {
                  child.tell(message);
                } else {
                  adapter.tell(message.length());
                  child.tell(message);
                }
                return Behaviors.same();
              });
        });
  }

  @Test
  void observer_handled_shownInOrderAndWithoutTheAdapter() {
    List<String> handled = new ArrayList<>();
    Observer observer =
        new Observer() {
          @Override
          public void onHandle(ActorPath actor, Object message) {
            if (message instanceof String || message instanceof Integer) {
              handled.add(actor.name() + " " + message);
            }
          }
        };
    try (var system =
        DeterministicSystem.create(
            passingTo(new ArrayList<>()),
            "s",
            Settings.seed(1).withStrategy(Strategy.fifo()).withObserver(observer))) {
      system.system().tell("four");
      system.runUntilIdle(1000);
    }
    assertThat(handled).containsExactly("user four", "child four", "user 4", "child n4");
  }

  @Test
  void courier_losesDoublesAndReplaces_asTold() {
    List<String> heard = new ArrayList<>();
    Courier courier =
        (from, to, message) ->
            switch (message) {
              case String text when text.equals("lost") -> null;
              case String text when text.equals("twice") ->
                  new Courier.Several(List.of("twice", "twice"));
              case Integer n -> n + 1;
              default -> message;
            };
    try (var system =
        DeterministicSystem.create(
            passingTo(heard),
            "s",
            Settings.seed(1).withStrategy(Strategy.fifo()).withCourier(courier))) {
      system.system().tell("a");
      system.system().tell("lost");
      system.runUntilIdle(1000);
      system.system().tell("twice");
      system.runUntilIdle(1000);
    }
    assertThat(heard).hasSize(1 + 1 + 4 + 2).contains("a", "n2", "n6").doesNotContain("lost", "n5");
  }
}
