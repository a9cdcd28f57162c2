package org.bufferyard.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every interleaving of the word's atomic operations, for a few threads that enter and leave while
 * another closes. A thread is run again from its beginning for each step, with what its operations
 * gave before, up to one operation further. A twin with a mistake shows that the search finds one.
 */
class GateCountTest {
  private static final long CLOSED = 1L << 62;

  /** Ends the run of a thread after its next operation. */
  private static final class OneStepFurther extends RuntimeException {
    private static final long serialVersionUID = 1;

    OneStepFurther() {
      super(null, null, false, false);
    }
  }

  /** What one thread does, in terms of a gate and of saying what it came to. */
  private interface Program {
    void run(Gate gate, Saying say);
  }

  private interface Saying {
    void that(String what);
  }

  /** The product's; a twin overrides what it does wrong. */
  private static class Gate {
    final GateCount count;

    Gate(GateCount.Word word) {
      count = new GateCount(word);
    }

    boolean enter() {
      return count.enter();
    }

    GateCount.Left leave() {
      return count.leave();
    }

    boolean close() {
      return count.close();
    }

    boolean isOpen() {
      return count.isOpen();
    }

    /** The owner lets one in, and keeps that to itself: no operation. */
    void keep() {
      count.idleHeard();
      assertThat(count.enterByOwner()).isTrue();
    }
  }

  /** One state of all threads: the word, what was said, and the results of each thread so far. */
  private record State(long word, List<String> said, List<List<Object>> results) {}

  /** Replays a thread's results, then does one operation more. */
  private static final class Stepping implements GateCount.Word {
    private final List<Object> results;
    private final List<String> said;
    private long word;
    private int at;

    Stepping(State state, int thread) {
      this.word = state.word;
      this.said = new ArrayList<>(state.said);
      this.results = new ArrayList<>(state.results.get(thread));
    }

    private boolean replaying() {
      return at < results.size();
    }

    private Object replayed() {
      return results.get(at++);
    }

    private OneStepFurther done(Object result) {
      results.add(result);
      return new OneStepFurther();
    }

    @Override
    public long get() {
      if (replaying()) {
        return (long) replayed();
      }
      throw done(word);
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
      if (replaying()) {
        return (boolean) replayed();
      }
      boolean same = word == expected;
      word = same ? next : word;
      throw done(same);
    }

    @Override
    public long decrementAndGet() {
      if (replaying()) {
        return (long) replayed();
      }
      throw done(--word);
    }

    @Override
    public long getAndAdd(long delta) {
      if (replaying()) {
        return (long) replayed();
      }
      long before = word;
      word += delta;
      throw done(before);
    }

    /** At once with the operation before it: nobody can come between. */
    void say(String what) {
      if (replaying()) {
        replayed();
      } else {
        said.add(what);
        throw done(what);
      }
    }
  }

  /** Runs all interleavings; each final list of what was said goes to the check. */
  private static long explore(
      List<Program> programs,
      Function<GateCount.Word, Gate> gates,
      Function<List<String>, Boolean> right) {
    return explore(GateCount.FRESH, programs, gates, right);
  }

  private static long explore(
      long from,
      List<Program> programs,
      Function<GateCount.Word, Gate> gates,
      Function<List<String>, Boolean> right) {
    List<List<Object>> nothing = new ArrayList<>();
    programs.forEach(program -> nothing.add(List.of()));
    long[] wrong = new long[1];
    explore(new State(from, List.of(), nothing), programs, gates, right, wrong);
    return wrong[0];
  }

  private static void explore(
      State state,
      List<Program> programs,
      Function<GateCount.Word, Gate> gates,
      Function<List<String>, Boolean> right,
      long[] wrong) {
    boolean ended = true;
    for (int thread = 0; thread < programs.size(); thread++) {
      Stepping step = new Stepping(state, thread);
      try {
        programs.get(thread).run(gates.apply(step), step::say);
      } catch (OneStepFurther more) {
        ended = false;
        List<List<Object>> results = new ArrayList<>(state.results);
        results.set(thread, List.copyOf(step.results));
        explore(
            new State(step.word, List.copyOf(step.said), results), programs, gates, right, wrong);
      }
    }
    if (ended && !right.apply(state.said)) {
      wrong[0]++;
    }
  }

  private static Gate real(GateCount.Word word) {
    return new Gate(word);
  }

  /** Looks whether it is closed, and enters in a second step. */
  private static Gate looksFirst(GateCount.Word word) {
    return new Gate(word) {
      @Override
      boolean enter() {
        if ((word.get() & CLOSED) != 0) {
          return false;
        }
        long seen = word.get();
        while (!word.compareAndSet(seen, seen + 1)) {
          seen = word.get();
        }
        return true;
      }
    };
  }

  /** Forgets at its close whom the owner has let in. */
  private static Gate forgetful(GateCount.Word word) {
    return new Gate(word) {
      @Override
      void keep() {
        count.idleHeard();
      }
    };
  }

  private static final Program USER =
      (gate, say) -> {
        if (gate.enter()) {
          say.that("out");
          if (gate.leave() == GateCount.Left.QUIESCED) {
            say.that("quiet");
          }
        }
      };

  private static final Program CLOSER =
      (gate, say) -> {
        if (gate.close()) {
          say.that("quiet");
        }
      };

  /** It gets quiet exactly once, and nobody is inside from then on. */
  private static boolean quietOnce(List<String> said) {
    int quiet = said.indexOf("quiet");
    return quiet >= 0
        && quiet == said.lastIndexOf("quiet")
        && !said.subList(quiet, said.size()).contains("out");
  }

  private static List<Program> usersAndACloser(int users) {
    List<Program> programs = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      programs.add(USER);
    }
    programs.add(CLOSER);
    return programs;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void everyInterleaving_closedWhileUsed_quietOnceAndNobodyInside(int users) {
    long wrong = explore(usersAndACloser(users), GateCountTest::real, GateCountTest::quietOnce);
    assertThat(wrong).isZero();
  }

  @Test
  void everyInterleaving_ofATwinThatLooksFirst_isFoundWrong() {
    long wrong = explore(usersAndACloser(2), GateCountTest::looksFirst, GateCountTest::quietOnce);
    assertThat(wrong).isPositive();
  }

  @Test
  void everyInterleaving_twoUsers_idleAtMostOnce() {
    Program user =
        (gate, say) -> {
          gate.enter();
          if (gate.leave() == GateCount.Left.IDLE) {
            say.that("idle");
          }
        };
    long wrong =
        explore(List.of(user, user), GateCountTest::real, said -> said.equals(List.of("idle")));
    assertThat(wrong).isZero();
  }

  /** Lets two in before it closes: who leaves is one of them, however early. */
  private static final Program OWNER =
      (gate, say) -> {
        gate.keep();
        gate.keep();
        if (gate.close()) {
          say.that("quiet");
        }
      };

  private static final Program LEAVER =
      (gate, say) -> {
        say.that("out");
        if (gate.leave() == GateCount.Left.QUIESCED) {
          say.that("quiet");
        }
      };

  @Test
  void everyInterleaving_ownerKeptWhomItLetIn_quietOnceAndNobodyInside() {
    List<Program> programs = List.of(OWNER, LEAVER, LEAVER, USER);
    long wrong = explore(GateCount.NOBODY, programs, GateCountTest::real, GateCountTest::quietOnce);
    assertThat(wrong).isZero();
  }

  @Test
  void everyInterleaving_ofATwinThatForgetsWhomItKept_isFoundWrong() {
    List<Program> programs = List.of(OWNER, LEAVER, LEAVER);
    long wrong =
        explore(GateCount.NOBODY, programs, GateCountTest::forgetful, GateCountTest::quietOnce);
    assertThat(wrong).isPositive();
  }

  @Test
  void enterByOwner_moreThanItMayKeep_allAreCounted() {
    GateCount count = GateCount.fresh();
    count.enter();
    assertThat(count.leave()).isEqualTo(GateCount.Left.IDLE);
    count.idleHeard();
    for (int inside = 0; inside < 1000; inside++) {
      assertThat(count.enterByOwner()).isTrue();
    }
    assertThat(count.insideAtLeast()).isBetween(1000L - 64, 1000L);
    assertThat(count.close()).isFalse();
    assertThat(count.enterByOwner()).isFalse();
    for (int left = 1; left < 1000; left++) {
      assertThat(count.leave()).isEqualTo(GateCount.Left.OTHERS_INSIDE);
    }
    assertThat(count.isEmpty()).isFalse();
    assertThat(count.leave()).isEqualTo(GateCount.Left.QUIESCED);
    assertThat(count.close()).isTrue();
  }

  /** As {@link LeaseDoor} does: lists its lease, then looks at the gate again. */
  private static final Program LISTS_FIRST =
      (gate, say) -> {
        if (gate.enter()) {
          say.that("listed");
          if (!gate.isOpen()) {
            say.that("given back");
          }
        }
      };

  private static final Program LOOKS_FIRST =
      (gate, say) -> {
        if (gate.enter()) {
          boolean open = gate.isOpen();
          say.that("listed");
          if (!open) {
            say.that("given back");
          }
        }
      };

  private static final Program GATHERER =
      (gate, say) -> {
        gate.close();
        say.that("gathered");
      };

  /** Whoever closes finds the lease in the list, or its taker gives it back. */
  private static boolean foundOrGivenBack(List<String> said) {
    int listed = said.indexOf("listed");
    return listed <= said.indexOf("gathered") || said.contains("given back");
  }

  @Test
  void everyInterleaving_leaseTakenWhileClosed_isFoundOrGivenBack() {
    long wrong =
        explore(
            List.of(LISTS_FIRST, GATHERER), GateCountTest::real, GateCountTest::foundOrGivenBack);
    assertThat(wrong).isZero();
  }

  @Test
  void everyInterleaving_ofATwinThatLooksBeforeItLists_isFoundWrong() {
    long wrong =
        explore(
            List.of(LOOKS_FIRST, GATHERER), GateCountTest::real, GateCountTest::foundOrGivenBack);
    assertThat(wrong).isPositive();
  }
}
