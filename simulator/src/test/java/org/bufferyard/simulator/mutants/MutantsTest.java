package org.bufferyard.simulator.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.sanitizer.Rule;
import org.bufferyard.simulator.soak.Shrinker;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.simulator.soak.Tape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checker that lets a known mistake pass is no checker. */
class MutantsTest {
  /** Fewer than the build's own seeds: whatever lives longer has slipped through. */
  private static final int SEEDS_MAX = 200;

  private static final int TRIES_MAX = 600;
  private static final int SEEDS_WITHOUT_HISTORIES = 30;

  static List<Mutant> all() {
    return Rates.all();
  }

  private static Trial.Outcome run(Mutant mutant, long seed, Set<Rule> off) {
    return Trial.run(Rates.plan(seed).withCourier(mutant.courier().get()).withOff(off));
  }

  private static long firstKill(Mutant mutant) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      if (!run(mutant, seed, EnumSet.noneOf(Rule.class)).clean()) {
        return seed;
      }
    }
    return -1;
  }

  @ParameterizedTest
  @MethodSource("all")
  void run_mutant_killed(Mutant mutant) {
    assertThat(firstKill(mutant)).as("%s lives", mutant).isPositive();
  }

  private static Mutant named(String id) {
    return all().stream().filter(mutant -> mutant.id().equals(id)).findFirst().orElseThrow();
  }

  /** Where a rule is off, its mutant lives in a seed that had killed it. */
  @Test
  void run_oracleOff_mutantLives() {
    for (Pair pair :
        List.of(
            new Pair("B11", Rule.D41, EnumSet.of(Rule.D41)),
            new Pair("H2", Rule.D52, EnumSet.of(Rule.D52)),
            new Pair("H14", Rule.HANDLE, EnumSet.of(Rule.HANDLE, Rule.D84)))) {
      Mutant mutant = named(pair.mutant);
      long seed = seedKilledBy(mutant, pair.rule);
      assertThat(seed).as("%s is killed by %s", mutant, pair.rule).isPositive();
      assertThat(livesWithout(mutant, pair.off)).as("%s lives without %s", mutant, pair.off).isTrue();
    }
  }

  /** A mutant, the rule that kills it, and what else has to be off for it to live. */
  private record Pair(String mutant, Rule rule, Set<Rule> off) {}

  /** What only a history shows: no other rule of any seed sees it. */
  @ParameterizedTest
  @ValueSource(strings = {"L1", "L2"})
  void run_historiesOff_historyMutantLivesEverywhere(String id) {
    for (long seed = 1; seed <= SEEDS_WITHOUT_HISTORIES; seed++) {
      Trial.Outcome outcome = run(named(id), seed, EnumSet.of(Rule.D84));
      assertThat(outcome.violations()).as("%s, seed %d", id, seed).isEmpty();
    }
  }

  private static long seedKilledBy(Mutant mutant, Rule rule) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      if (run(mutant, seed, EnumSet.noneOf(Rule.class)).rule().equals(rule.name())) {
        return seed;
      }
    }
    return -1;
  }

  private static boolean livesWithout(Mutant mutant, Set<Rule> off) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      boolean killed = !run(mutant, seed, EnumSet.noneOf(Rule.class)).clean();
      if (killed && run(mutant, seed, off).clean()) {
        return true;
      }
    }
    return false;
  }

  /** A failure of hundreds of steps becomes one of a few, and is told on a page. */
  @Test
  void shrink_failureOfAMutant_fewEventsAndSameRule() {
    Mutant mutant = named("B4");
    long seed = firstKill(mutant);
    List<String> policies = List.of("lru", "fifo", "clock", "random", "lfu");
    SoakCase drawn = done(SoakCase.of(SoakPlan.swarm(policies), seed));
    Tape tape = drawn.record(mutant.courier().get());
    int[] tries = new int[1];
    Shrinker shrinker =
        new Shrinker(tape, policies, mutant.courier(), () -> ++tries[0] > TRIES_MAX);
    Tape small = shrinker.shrink();
    assertThat(small.expected().rule()).isEqualTo(tape.expected().rule()).isNotEmpty();
    assertThat(small.expected().events()).isLessThanOrEqualTo(tape.expected().events());
    assertThat(small.stepCount()).isLessThan(tape.stepCount());
    Story story = done(Story.of(small, policies, mutant.courier(), "bufferyard replay x.tape"));
    assertThat(story.text().getFirst()).contains(small.expected().rule());
    assertThat(story.text()).anyMatch(line -> line.contains("Mapped"));
    assertThat(story.html()).startsWith("<!doctype html>").contains("<svg").contains("x.tape");
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }
}
