package org.bufferyard.simulator.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.actors.sanitizer.Rule;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.soak.Shrinker;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.simulator.soak.Tape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker that lets a known mistake pass is no checker. */
class MutantsTest {
  /** Fewer than the build's own seeds: whatever lives longer has slipped through. */
  private static final int SEEDS_MAX = 200;

  private static final int TRIES_MAX = 600;
  private static final int SEEDS_WITHOUT_ORACLE = 30;

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
      assertThat(livesWithout(mutant, pair.off))
          .as("%s lives without %s", mutant, pair.off)
          .isTrue();
    }
  }

  /** A mutant, the rule that kills it, and what else has to be off for it to live. */
  private record Pair(String mutant, Rule rule, Set<Rule> off) {}

  /** What one oracle alone sees: no other rule of any seed does. */
  @ParameterizedTest
  @CsvSource({"L1, D84", "L2, D84", "F1, D91"})
  void run_itsOracleOff_mutantLivesEverywhere(String id, Rule rule) {
    assertThat(seedKilledBy(named(id), rule)).as("%s is killed by %s", id, rule).isPositive();
    for (long seed = 1; seed <= SEEDS_WITHOUT_ORACLE; seed++) {
      Trial.Outcome outcome = run(named(id), seed, EnumSet.of(rule));
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
    List<String> policies = Rates.POLICIES;
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
