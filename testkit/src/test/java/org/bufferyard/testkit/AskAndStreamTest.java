package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.testkit.Recorded.millis;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What crosses from actors to futures and streams, and back. */
class AskAndStreamTest {
  private static final long STEPS_MAX = 100_000;

  record Question(int number, ActorRef<Integer> replyTo) {}

  private static Behavior<Question> squares() {
    return Behaviors.receiveMessage(
        question -> {
          if (question.number() >= 0) {
            question.replyTo().tell(question.number() * question.number());
          }
          return Behaviors.same();
        });
  }

  @Test
  void ask_fromTheTest_answered() {
    try (var system = DeterministicSystem.create(squares(), "ask", Settings.seed(1))) {
      CompletionStage<Integer> answer = ask(system, 12);
      assertThat(system.run(answer.toCompletableFuture()::isDone, STEPS_MAX)).isTrue();
      assertThat(answer).isCompletedWithValue(144);
      assertThat(system.nowNanos()).isZero();
    }
  }

  @Test
  void ask_neverAnswered_timesOutInVirtualTime() {
    try (var system = DeterministicSystem.create(squares(), "ask", Settings.seed(1))) {
      var answer = ask(system, -1).toCompletableFuture();
      assertThat(system.run(answer::isDone, STEPS_MAX)).isTrue();
      assertThat(answer).isCompletedExceptionally();
      assertThat(answer.exceptionNow()).isInstanceOf(TimeoutException.class);
      assertThat(system.nowNanos()).isEqualTo(millis(60_000).toNanos());
    }
  }

  private static CompletionStage<Integer> ask(DeterministicSystem<Question> system, int number) {
    return system.inside(
        () ->
            AskPattern.<Question, Integer>ask(
                system.system(),
                replyTo -> new Question(number, replyTo),
                millis(60_000),
                system.system().scheduler()));
  }

  @Test
  void stream_asyncBoundariesAndGroupedWithin_seededOrderOnVirtualTime() {
    Set<List<String>> orders = Recorded.orders(8, AskAndStreamTest::streams);

    assertThat(orders)
        .hasSizeGreaterThan(1)
        .allSatisfy(order -> assertThat(order).contains("x[1, 2, 3]", "y[1, 2, 3]").hasSize(6));
    assertThat(Recorded.run(Settings.seed(1), AskAndStreamTest::streams).nowNanos())
        .isGreaterThanOrEqualTo(millis(7_000).toNanos());
  }

  /** One element a second, grouped by 3.3 s, twice at once. */
  private static Behavior<String> streams(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          for (String name : List.of("x", "y")) {
            Source.tick(millis(1_000), millis(1_000), "tick")
                .zipWithIndex()
                .async()
                .map(pair -> pair.second().intValue() + 1)
                .take(7)
                .async()
                .groupedWithin(100, millis(3_300))
                .runWith(Sink.foreach(group -> log.accept(name + group)), context.getSystem());
          }
          return Behaviors.empty();
        });
  }

  @Test
  void stream_materializedInsideAnActor_hashIndependentOfSupervisorCounter() {
    Recorded first = Recorded.run(Settings.seed(4), AskAndStreamTest::ownMaterializer);
    Recorded second = Recorded.run(Settings.seed(4), AskAndStreamTest::ownMaterializer);

    assertThat(second).isEqualTo(first);
    assertThat(first.lines()).containsExactly("6");
  }

  private static Behavior<String> ownMaterializer(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          Source.range(1, 3)
              .async()
              .reduce(Integer::sum)
              .runWith(
                  Sink.foreach(sum -> log.accept("" + sum)),
                  Materializer.createMaterializer(Adapter.toClassic(context)));
          return Behaviors.empty();
        });
  }
}
