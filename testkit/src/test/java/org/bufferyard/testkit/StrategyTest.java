package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each strategy runs everything, equally for equal seeds, in the kind of order it promises. */
class StrategyTest {
  private static final Map<String, Strategy> STRATEGIES = new LinkedHashMap<>();

  static {
    STRATEGIES.put("uniform", Strategy.uniform());
    STRATEGIES.put("fifo", Strategy.fifo());
    STRATEGIES.put("pct 2", Strategy.pct(2, 500));
    STRATEGIES.put("pct 5", Strategy.pct(5, 500));
    STRATEGIES.put("starve one", Strategy.starveOne(200));
    STRATEGIES.put("delay one", Strategy.delayOne(200));
    STRATEGIES.put("bursts", Strategy.bursts(16));
  }

  @Test
  void start_everyStrategy_reproducibleAndDistinct() {
    Set<Long> hashes = new LinkedHashSet<>();
    STRATEGIES.forEach(
        (name, strategy) -> {
          Settings settings = Settings.seed(8).withStrategy(strategy);
          WorldRun run = WorldRun.of(settings);
          assertThat(WorldRun.of(settings)).as(name).isEqualTo(run);
          hashes.add(run.eventHash());
        });
    assertThat(hashes).hasSize(STRATEGIES.size());
  }

  @Test
  void next_everyStrategy_runsEveryMessage() {
    STRATEGIES.forEach(
        (name, strategy) -> {
          for (long seed = 0; seed < 10; seed++) {
            List<String> order = order(Settings.seed(seed).withStrategy(strategy));
            assertThat(order).as(name).hasSize(4 * 25).doesNotHaveDuplicates();
          }
        });
  }

  @Test
  void fifo_anySeed_oneOrder() {
    Set<List<String>> orders = new LinkedHashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      orders.add(order(Settings.seed(seed).withStrategy(Strategy.fifo())));
    }
    assertThat(orders).hasSize(1);
  }

  /** Counters of 25 messages each: uniform changes actor at most steps, bursts at few. */
  @Test
  void bursts_comparedToUniform_changesActorLessOften() {
    int uniform = 0;
    int bursts = 0;
    for (long seed = 0; seed < 10; seed++) {
      uniform += changes(order(Settings.seed(seed)));
      bursts += changes(order(Settings.seed(seed).withStrategy(Strategy.bursts(16))));
    }
    assertThat(bursts).isLessThan(uniform / 3);
  }

  /** Without change points the ready actor of the highest priority runs until it has no work. */
  @Test
  void pct_noChangePoint_runsActorsOneAfterAnother() {
    Set<List<String>> orders = new LinkedHashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      List<String> order = order(Settings.seed(seed).withStrategy(Strategy.pct(0, 1_000_000)));
      assertThat(changes(order)).isEqualTo(3);
      orders.add(order);
    }
    assertThat(orders).hasSizeGreaterThan(5);
  }

  @Test
  void starveOne_onlyVictimReady_timeoutsStrikeWithoutIt() {
    int struck = 0;
    for (long seed = 0; seed < 30; seed++) {
      List<String> log =
          run(
              Settings.seed(seed).withStrategy(Strategy.starveOne(500)),
              StrategyTest::timeoutAgainstWork);
      assertThat(log).containsExactlyInAnyOrder("worked", "timeout");
      struck += log.getFirst().equals("timeout") ? 1 : 0;
    }
    assertThat(struck).isBetween(1, 29);
    assertThat(run(Settings.seed(1), StrategyTest::timeoutAgainstWork))
        .containsExactly("worked", "timeout");
  }

  @Test
  void delayOne_onlyVictimReady_noTimeoutStrikesBeforeIt() {
    for (long seed = 0; seed < 30; seed++) {
      assertThat(
              run(
                  Settings.seed(seed).withStrategy(Strategy.delayOne(500)),
                  StrategyTest::timeoutAgainstWork))
          .containsExactly("worked", "timeout");
    }
  }

  /** Work is done at once, the timeout is far away: only a starved worker is late. */
  private static Behavior<String> timeoutAgainstWork(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          ActorRef<Integer> worker = context.spawn(countdown(log), "worker");
          worker.tell(20);
          ActorRef<String> clock = context.spawn(logging(log), "clock");
          context.scheduleOnce(Duration.ofSeconds(1), clock, "timeout");
          return Behaviors.empty();
        });
  }

  private static Behavior<Integer> countdown(Consumer<String> log) {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                left -> {
                  if (left == 0) {
                    log.accept("worked");
                  } else {
                    context.getSelf().tell(left - 1);
                  }
                  return Behaviors.same();
                }));
  }

  private static Behavior<String> logging(Consumer<String> log) {
    return Behaviors.receiveMessage(
        line -> {
          log.accept(line);
          return Behaviors.same();
        });
  }

  private static int changes(List<String> order) {
    int changes = 0;
    for (int i = 1; i < order.size(); i++) {
      changes += order.get(i).charAt(0) == order.get(i - 1).charAt(0) ? 0 : 1;
    }
    return changes;
  }

  private static List<String> order(Settings settings) {
    return run(settings, StrategyTest::fourCounters);
  }

  private static Behavior<String> fourCounters(Consumer<String> log) {
    return Behaviors.setup(
        context -> {
          for (String name : List.of("a", "b", "c", "d")) {
            ActorRef<String> counter = context.spawn(logging(log), name);
            for (int i = 0; i < 25; i++) {
              counter.tell(name + i);
            }
          }
          return Behaviors.empty();
        });
  }

  private static <T> List<String> run(
      Settings settings, Function<Consumer<String>, Behavior<T>> guardian) {
    return new ArrayList<>(Recorded.run(settings, guardian).lines());
  }

  @Test
  void parameters_outOfRange_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Strategy.pct(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> Strategy.pct(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Strategy.starveOne(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Strategy.bursts(0));
  }
}
