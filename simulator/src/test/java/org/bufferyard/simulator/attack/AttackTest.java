package org.bufferyard.simulator.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.compare.Metric;
import org.bufferyard.simulator.requests.Workers;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.workload.WorkloadSpec;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.api.Test;

class AttackTest {
  private static final Attack ON_LRU =
      new Attack("lru", List.of("mru"), Metric.MOVED, 100_000_000, 1);

  private static Scenario read(Genome genome, String policy) {
    Scenarios scenarios = new Scenarios(List.of("lru", "mru"));
    return switch (scenarios.parse("found", genome.text("found"), List.of("policy=" + policy))) {
      case Outcome.Done<Scenario>(var scenario) -> scenario;
      case Outcome.Refused<Scenario>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  @Test
  void search_lruAgainstMru_findsALoopAndKeepsIt() {
    List<Double> ratios = new ArrayList<>();
    Attack.Found found =
        ON_LRU.search(
            (count, task) -> IntStream.range(0, count).forEach(task),
            () -> false,
            (generation, ratio) -> ratios.add(ratio));
    assertThat(found.ratio()).isGreaterThan(2);
    assertThat(found.rival()).isEqualTo("mru");
    assertThat(found.generations()).isEqualTo(1);
    assertThat(ratios).hasSize(1);
    assertThat(found.ratio()).isGreaterThanOrEqualTo(1 + 0.9 * (ratios.getLast() - 1));
    assertThat(read(found.genome(), "lru").workload())
        .isEqualTo(new WorkloadSpec.Patterns(found.genome().clients()));
  }

  @Test
  void judged_inAnyOrder_givesTheSameScores() {
    Breeder breeder = new Breeder(new SplittableRandom(3), 100_000_000);
    List<Genome> genomes = List.of(breeder.fresh(), breeder.fresh(), breeder.fresh());
    Judge judge =
        new Judge(
            new Scenarios(List.of("lru", "fifo")),
            "lru",
            List.of("fifo"),
            Metric.STALL_P99,
            List.of(1L));
    Workers forwards = (count, task) -> IntStream.range(0, count).forEach(task);
    Workers backwards =
        (count, task) -> IntStream.range(0, count).map(i -> count - 1 - i).forEach(task);
    assertThat(Attack.judged(judge, backwards, genomes))
        .isEqualTo(Attack.judged(judge, forwards, genomes));
  }

  @Seeded(runs = 20)
  void breed_anyNumberOfTimes_isALegalScenario(long seed) {
    Breeder breeder = new Breeder(new SplittableRandom(seed), 500_000_000);
    Genome genome = breeder.fresh();
    for (int i = 0; i < 40; i++) {
      Scenario scenario = read(genome, "mru");
      assertThat(scenario.workload()).isEqualTo(new WorkloadSpec.Patterns(genome.clients()));
      assertThat(scenario.durationNanos()).isEqualTo(genome.durationNanos());
      genome = breeder.changed(genome);
    }
  }
}
