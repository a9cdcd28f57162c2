package org.bufferyard.simulator.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ActorSystem;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorsTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("generators");
  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1L << 20;
  private static final WorkloadSpec.Desktop DESKTOP =
      new WorkloadSpec.Desktop(320 * MIB, 60, 10 * SECOND);

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  static Stream<Arguments> specs() {
    return Stream.of(
            DESKTOP,
            new WorkloadSpec.Desktop(128 * MIB, 240, SECOND / 10),
            new WorkloadSpec.Desktop(128 * MIB, 1, SECOND),
            importers(1, 1, 1),
            importers(1, 50, 1),
            importers(7, 3, 7),
            importers(16, 100, 3),
            new WorkloadSpec.Pipeline(1_382_400, 4, 30),
            new WorkloadSpec.Pipeline(4096, 2, 240),
            new WorkloadSpec.Soc(983_040, 4, 30),
            new WorkloadSpec.Soc(4096, 2, 240),
            patterns(),
            sides(1, WorkloadSpec.Manner.values()),
            sides(3, WorkloadSpec.Manner.STATIC, WorkloadSpec.Manner.DEFERRED))
        .flatMap(spec -> Stream.of(1L, 2L, 77L).map(seed -> Arguments.of(spec, seed)));
  }

  private static WorkloadSpec.Importers importers(int devices, int buffers, int sharedBy) {
    return new WorkloadSpec.Importers(devices, buffers, 65_536, sharedBy, 50, 4, 30);
  }

  /** Every order; one client that never starts, one that stops. */
  private static WorkloadSpec.Patterns patterns() {
    return new WorkloadSpec.Patterns(
        Stream.of(WorkloadSpec.Order.values()).map(GeneratorsTest::pattern).toList());
  }

  private static WorkloadSpec.Pattern pattern(WorkloadSpec.Order order) {
    long start = order == WorkloadSpec.Order.STACK ? 90 * SECOND : 0;
    long stop = order == WorkloadSpec.Order.ZIPF ? SECOND / 2 : 0;
    return new WorkloadSpec.Pattern(
        "c-" + order, 7, MIB, order, 3, 3, SECOND / 200, start, stop, 30, 1);
  }

  private static WorkloadSpec.Sides sides(int apps, WorkloadSpec.Manner... manners) {
    return new WorkloadSpec.Sides(
        65_536,
        2,
        30,
        apps,
        SECOND / 5,
        Stream.of(manners).map(manner -> new WorkloadSpec.Side("s-" + manner, manner)).toList());
  }

  /** What is compared differs in nothing but the manner. */
  @Test
  void sides_anyManner_askForTheSameFrames() {
    Workload workload = generate(sides(2, WorkloadSpec.Manner.values()), SECOND, 4);
    WorkloadRules.Played played = WorkloadRules.play(workload, SYSTEM);
    assertThat(
            played.steps().values().stream()
                .map(steps -> steps.stream().filter(GeneratorsTest::isFrame).count())
                .distinct()
                .toList())
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(frames -> frames > 0);
  }

  private static boolean isFrame(Step step) {
    return step.action() instanceof Action.Submit submit && submit.isFrame();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void generate_anySpecAndSeed_keepsTheRulesOfWorkloads(WorkloadSpec spec, long seed) {
    Workload workload = generate(spec, 2 * SECOND, seed);
    WorkloadRules.Played played = WorkloadRules.play(workload, SYSTEM);
    assertThat(played.dmaJobs()).as("spec %s, seed %d", spec, seed).isPositive();
    assertThat(played.peakBytes()).as("spec %s, seed %d", spec, seed).isPositive();
  }

  @Test
  void generate_equalSeeds_equalSteps() {
    WorkloadRules.Played once = WorkloadRules.play(generate(DESKTOP, SECOND, 5), SYSTEM);
    WorkloadRules.Played again = WorkloadRules.play(generate(DESKTOP, SECOND, 5), SYSTEM);
    WorkloadRules.Played other = WorkloadRules.play(generate(DESKTOP, SECOND, 6), SYSTEM);
    assertThat(again.steps()).isEqualTo(once.steps());
    assertThat(other.steps()).isNotEqualTo(once.steps());
  }

  @Test
  void steps_runTwice_areEqual() {
    ClientScript script = generate(importers(3, 9, 2), SECOND, 9).clients().get(1);
    assertThat(WorkloadRules.drain(script, SYSTEM)).isEqualTo(WorkloadRules.drain(script, SYSTEM));
  }

  @Test
  void desktop_tenSeconds_staysWithinItsTrafficAndWorkingSet() {
    WorkloadRules.Played played = WorkloadRules.play(generate(DESKTOP, 10 * SECOND, 1), SYSTEM);
    assertThat(played.dmaPages() / 10).isBetween(100_000L, 250_000L);
    assertThat(played.peakBytes()).isBetween(300 * MIB, 340 * MIB);
  }

  @Test
  void importers_thousandByTenThousand_isCheapPerStep() {
    Workload workload = generate(importers(1_000, 10_000, 3), SECOND, 3);
    WorkloadRules.Played played = WorkloadRules.play(workload, SYSTEM);
    assertThat(played.exports()).isEqualTo(10_000);
    assertThat(played.dmaJobs()).isBetween(35_000L, 55_000L);
  }

  @Test
  void generate_aTrace_isAProgrammersError() {
    assertThatThrownBy(() -> generate(new WorkloadSpec.Trace(1), SECOND, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Workload generate(WorkloadSpec spec, long durationNanos, long seed) {
    return Generators.generate(spec, durationNanos, new SplittableRandom(seed));
  }
}
