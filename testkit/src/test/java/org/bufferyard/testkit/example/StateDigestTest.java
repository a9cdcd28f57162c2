package org.bufferyard.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.Test;

/** The digest sees all that actors know, names what differs, and disturbs nothing. */
class StateDigestTest {
  sealed interface Command {}

  record Put(int key, String value) implements Command {}

  record Grow(int bytes) implements Command {}

  record Pass(ActorRef<Command> to) implements Command {}

  /** Not to be looked into. */
  static final class Outside {
    long wallNanos;
  }

  /** Holds some of everything, and itself in a circle. */
  static final class Keeper {
    final TreeMap<Integer, String> kept = new TreeMap<>();
    final ArrayDeque<ActorRef<Command>> passed = new ArrayDeque<>();
    final List<Keeper> circle = new ArrayList<>(List.of(this));
    final Outside outside = new Outside();
    byte[] grown = {};

    static Behavior<Command> create() {
      return Behaviors.setup(context -> new Keeper().keeping());
    }

    Behavior<Command> keeping() {
      return Behaviors.receiveMessage(
          command -> {
            outside.wallNanos = System.nanoTime();
            switch (command) {
              case Put put -> kept.put(put.key(), put.value());
              case Grow grow -> grown = new byte[grow.bytes()];
              case Pass pass -> {
                passed.add(pass.to());
                pass.to().tell(new Put(passed.size(), "passed"));
              }
            }
            return Behaviors.same();
          });
    }
  }

  private static DeterministicSystem<Command> system(long seed) {
    return DeterministicSystem.create(Keeper.create(), "digest", Settings.seed(seed));
  }

  private static SortedMap<String, Long> digest(DeterministicSystem<?> system) {
    return system.stateDigest(List.of(Outside.class), Map.of());
  }

  private static List<String> differing(SortedMap<String, Long> one, SortedMap<String, Long> two) {
    TreeMap<String, Long> all = new TreeMap<>(one);
    all.putAll(two);
    return all.keySet().stream()
        .filter(name -> !java.util.Objects.equals(one.get(name), two.get(name)))
        .toList();
  }

  @Test
  void stateDigest_equalStates_equal() {
    try (var one = system(1);
        var two = system(2)) {
      for (var system : List.of(one, two)) {
        system.system().tell(new Put(3, "three"));
        system.system().tell(new Grow(5));
        system.runUntilIdle(1_000);
      }
      assertThat(digest(one)).isEqualTo(digest(two)).containsKey("/user");
      assertThat(digest(one).keySet())
          .anySatisfy(part -> assertThat(part).endsWith("Keeper.kept"))
          .anySatisfy(part -> assertThat(part).endsWith("Keeper.grown"));
    }
  }

  @Test
  void stateDigest_oneFieldDiffers_namesItAndItsActor() {
    try (var one = system(1);
        var two = system(1)) {
      one.system().tell(new Put(3, "three"));
      two.system().tell(new Put(3, "drei"));
      one.runUntilIdle(1_000);
      two.runUntilIdle(1_000);
      assertThat(differing(digest(one), digest(two)))
          .containsExactly("/user", "StateDigestTest$Keeper.kept");
    }
  }

  /** A byte in an array, a length, an order, a reference: nothing is too small. */
  @Test
  void stateDigest_smallDifferences_allSeen() {
    List<Command> commands =
        List.of(new Put(1, "a"), new Put(1, "b"), new Put(2, "a"), new Grow(1), new Grow(2));
    List<SortedMap<String, Long>> seen = new ArrayList<>();
    for (Command command : commands) {
      try (var system = system(1)) {
        system.system().tell(command);
        system.runUntilIdle(1_000);
        seen.add(digest(system));
      }
    }
    assertThat(seen).doesNotHaveDuplicates();
  }

  @Test
  void stateDigest_waitingMessages_countAndStayInOrder() {
    try (var one = system(1);
        var two = system(1)) {
      for (var system : List.of(one, two)) {
        for (int i = 0; i < 10; i++) {
          system.system().tell(new Put(0, "value " + i));
          system.system().tell(new Pass(system.system()));
        }
        system.run(() -> system.steps() % 7 == 6, 100);
      }
      SortedMap<String, Long> waiting = digest(one);
      assertThat(waiting).isEqualTo(digest(one)).containsKey("mailbox");
      one.runUntilIdle(1_000);
      two.runUntilIdle(1_000);
      assertThat(one.eventHash()).isEqualTo(two.eventHash());
      assertThat(digest(one)).isEqualTo(digest(two)).doesNotContainKey("mailbox");
      assertThat(digest(one)).isNotEqualTo(waiting);
    }
  }

  @Test
  void stateDigest_more_isAPartOfItsOwn() {
    try (var system = system(1)) {
      SortedMap<String, Long> a = system.stateDigest(List.of(), Map.of("memory", new long[] {1}));
      SortedMap<String, Long> b = system.stateDigest(List.of(), Map.of("memory", new long[] {2}));
      assertThat(differing(a, b)).containsExactly("memory");
    }
  }
}
