package org.bufferyard.simulator.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.run.Trial;
import org.junit.jupiter.api.Test;

/**
 * The commit's share of the soak: as many seeds as the build has time for, each a world of its own
 * with faults of its own. {@code -Dbufferyard.soak.seeds=N} for more.
 */
class SwarmTest {
  private static final List<String> POLICIES = List.of("lru", "fifo", "clock", "random", "lfu");
  private static final int SEEDS = Integer.getInteger("bufferyard.soak.seeds", 3_500);
  private static final long EVENTS_WANTED = 10_000_000;

  static SoakCase drawn(long seed) {
    return CaseOf.done(SoakCase.of(SoakPlan.swarm(POLICIES), seed));
  }

  @Test
  void run_manySeeds_everyRuleHolds() {
    SoakTotals totals = new SoakTotals();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Trial.Outcome outcome = Trial.run(drawn(seed).plan());
      assertThat(outcome.violations())
          .as("bufferyard replay --scenario swarm --seed %d", seed)
          .isEmpty();
      totals.add(outcome);
    }
    assertThat(totals.faults()).containsKeys(everyPermitted());
    assertThat(totals.undecided()).isZero();
    assertThat(totals.relocations()).isGreaterThan(SEEDS / 100);
    assertThat(totals.operations()).isGreaterThan(100L * SEEDS);
    assertThat(totals.cells()).as("never: %s", totals.missing()).isGreaterThan(55);
    assertThat(totals.unseen()).isBetween(0.0, 0.3);
    assertThat(totals.events()).isGreaterThan(EVENTS_WANTED / 3_500 * SEEDS);
  }

  private static FaultKind[] everyPermitted() {
    return FaultKind.allPermitted().stream()
        .filter(kind -> !kind.isOrder())
        .toArray(FaultKind[]::new);
  }

  @Test
  void run_twice_sameHashAndFaults() {
    for (long seed = 1; seed <= 20; seed++) {
      Trial.Outcome first = Trial.run(drawn(seed).plan());
      Trial.Outcome second = Trial.run(drawn(seed).plan());
      assertThat(second.eventHash()).as("seed %d", seed).isEqualTo(first.eventHash());
      assertThat(second.firings()).isEqualTo(first.firings());
    }
  }

  @Test
  void record_andPlayed_sameHash() {
    for (long seed = 30; seed <= 36; seed++) {
      Tape tape = drawn(seed).record(org.bufferyard.testkit.Courier.HONEST);
      Trial.Outcome played = Trial.run(CaseOf.done(tape.plan(POLICIES)));
      assertThat(played.eventHash()).as("seed %d", seed).isEqualTo(tape.expected().eventHash());
    }
  }
}
