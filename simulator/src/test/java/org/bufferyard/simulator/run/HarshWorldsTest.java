package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Worlds at their limits: little memory, none to spare, every policy, real threads. */
class HarshWorldsTest {
  private static final int CROWDED_RUNS = 8;
  private static int crowdedRuns;
  private static long crowdedRefusals;

  private static Scenario importers(int vram, int gtt, int system, int swap, String... more) {
    String[] settings =
        Stream.concat(
                Stream.of(
                    "duration=200 ms",
                    "contents=tags",
                    "workload.devices=16",
                    "workload.buffers=96",
                    "regions.VRAM.size=" + vram + " %",
                    "regions.GTT.size=" + gtt + " %",
                    "regions.SYSTEM.size=" + system + " %",
                    "regions.SWAP.size=" + swap + " %"),
                Stream.of(more))
            .toArray(String[]::new);
    return Rig.scenario("importers", settings);
  }

  /** Down to the swap file and back, several hops each way. */
  @Seeded(runs = 12)
  void run_tightWorld_swapsBothWaysAndStaysClean(long seed) {
    RunResult result = Rig.run(importers(15, 25, 30, 100), seed);
    assertThat(result.violations()).isEmpty();
    assertThat(result.jobsRefused()).as("%s", result.notes()).isZero();
    assertThat(result.bytesMoved())
        .containsKeys(
            "VRAM->GTT", "GTT->SYSTEM", "SYSTEM->SWAP", "SWAP->SYSTEM", "SYSTEM->GTT", "GTT->VRAM");
    assertThat(result.refaults()).isPositive();
  }

  /** Whoever waits for room gets it when others leave, or is told that there is none. */
  @Seeded(runs = CROWDED_RUNS)
  void run_worldThatCannotFit_refusesAndStaysClean(long seed) {
    RunResult result = Rig.run(importers(15, 10, 10, 10, "duration=300 ms"), seed);
    assertThat(result.violations()).isEmpty();
    assertThat(result.refused())
        .as("what is refused says why: no time runs out, no answer is meant for another")
        .doesNotContainKeys("ETIMEDOUT", "EALREADY");
    assertThat(result.jobs()).isPositive();
    assertThat(result.replies())
        .isEqualTo(result.requests().values().stream().mapToLong(Long::longValue).sum());
    crowdedRuns++;
    crowdedRefusals += result.refused().getOrDefault("ENOMEM", 0L);
  }

  /** A single seed that is replayed proves nothing about all of them. */
  @AfterAll
  static void run_allSeeds_someRequestWasRefused() {
    if (crowdedRuns == CROWDED_RUNS) {
      assertThat(crowdedRefusals).isPositive();
    }
  }

  @Test
  void run_buffersLargerThanEveryRegion_allJobsRefused() {
    RunResult result =
        Rig.run(importers(5, 5, 5, 5, "workload.buffers=12", "workload.buffer-size=1 MiB"), 13);
    assertThat(result.violations()).isEmpty();
    assertThat(result.jobs()).isZero();
    assertThat(result.jobsRefused()).isPositive();
    assertThat(result.refused()).containsOnlyKeys("ENOMEM");
    assertThat(result.notes()).anyMatch(note -> note.startsWith("first refusal: ENOMEM: "));
  }

  static Stream<String> policies() {
    return Rig.policies().stream();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void run_anyPolicy_evictsAndStaysClean(String policy) {
    RunResult result = Rig.run(importers(30, 40, 50, 100, "policy=" + policy), 11);
    assertThat(result.violations()).isEmpty();
    assertThat(result.policy()).isEqualTo(policy);
    assertThat(result.evictions()).isPositive();
    assertThat(result.jobsRefused()).as("%s", result.notes()).isZero();
  }

  /** A policy's wish to have nothing is met where there is an elsewhere, and fails nobody. */
  @Test
  void run_policyThatDeclines_placesElsewhereWithoutRefusals() {
    ContraryPolicy.FACTS.clear();
    RunResult contrary = Rig.run(importers(30, 40, 50, 100, "policy=" + ContraryPolicy.NAME), 11);
    RunResult lru = Rig.run(importers(30, 40, 50, 100, "policy=lru"), 11);
    assertThat(contrary.violations()).isEmpty();
    assertThat(contrary.jobsRefused()).as("%s", contrary.notes()).isZero();
    assertThat(ContraryPolicy.FACTS).contains("declined");
    assertThat(contrary.evictions()).isPositive().isLessThan(lru.evictions());
    assertThat(ContraryPolicy.FACTS.stream().filter(fact -> fact.startsWith("owner")))
        .hasSizeGreaterThan(1);
    assertThat(ContraryPolicy.FACTS.stream().filter(fact -> fact.startsWith("asked by")))
        .hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource("bringBacks")
  void run_anyBringBack_staysClean(String bringBack) {
    RunResult result = Rig.run(importers(15, 25, 30, 100, "bring-back=" + bringBack), 12);
    assertThat(result.violations()).isEmpty();
    assertThat(result.evictions()).isPositive();
  }

  static Stream<String> bringBacks() {
    return Stream.of("always", "never", "budget");
  }

  /** The same actors on threads: no order is the same twice, and nothing may go wrong in any. */
  @Test
  void run_realDispatcher_clean() {
    Scenario scenario =
        Rig.scenario(
            "importers",
            "duration=1 s",
            "contents=tags",
            "workload.devices=100",
            "workload.buffers=1000",
            "workload.buffer-size=16 KiB");
    RunResult result = Rig.run(Rig.request(scenario, 3, false, 4));
    assertThat(result.mode()).isEqualTo("real");
    assertThat(result.eventHash()).isNull();
    assertThat(result.violations()).isEmpty();
    assertThat(result.devices()).isEqualTo(100);
    assertThat(result.buffers()).isEqualTo(1000);
    assertThat(result.evictions()).isPositive();
    assertThat(result.replies())
        .isEqualTo(result.requests().values().stream().mapToLong(Long::longValue).sum());
  }
}
