package org.bufferyard.simulator.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.bufferyard.simulator.compare.Metric;
import org.bufferyard.simulator.requests.Workers;
import org.bufferyard.simulator.scenario.Scenarios;

/**
 * A search for the workload on which a policy does worst: drawn workloads, the best of them changed
 * a little again and again, and at the end made small. The seed and the number of generations
 * decide the outcome, however many threads there are.
 *
 * @param target the policy under attack
 * @param rivals what it is held against; the best of them counts
 * @param metric of which less is better
 * @param durationNanos model time of each trial; at least {@value #DURATION_NANOS_MIN}
 */
public record Attack(
    String target, List<String> rivals, Metric metric, long durationNanos, long seed) {
  public static final long DURATION_NANOS_MIN = 100_000_000;

  /** Trials of one generation; fixed, so that threads do not change the outcome. */
  static final int BROOD = 16;

  /** Kept for change: the best so far of independent draws. */
  private static final int ELITE = 3;

  /** So many generations without a better one, and the search starts afresh beside the best. */
  private static final int STALE = 12;

  /** More than one, or the search finds luck. */
  private static final List<Long> SEEDS = List.of(1L, 2L);

  /**
   * What was found.
   *
   * @param ratio of the target's figure to the best rival's, on the search's own seeds
   * @param generations that it took, without those of shrinking
   * @param trials workloads tried, with those of shrinking
   */
  public record Found(
      Genome genome,
      double ratio,
      double targetFigure,
      double bestFigure,
      String rival,
      int generations,
      int trials) {}

  /** Told after each generation. */
  @FunctionalInterface
  public interface Progress {
    void at(int generation, double bestRatio);
  }

  /**
   * Searches while {@code more} says so, then shrinks.
   *
   * @param more asked before each generation but the first
   * @throws BrokenRun a trial violated an invariant
   */
  public Found search(Workers workers, BooleanSupplier more, Progress progress) {
    Judge judge = new Judge(new Scenarios(policies()), target, rivals, metric, SEEDS);
    Breeder breeder = new Breeder(new SplittableRandom(seed), durationNanos);
    SplittableRandom choice = new SplittableRandom(seed ^ 0x5eed);
    List<Trial> elite = new ArrayList<>();
    Trial best = null;
    int generations = 0;
    int trials = 0;
    int stale = 0;
    do {
      List<Genome> genomes = brood(breeder, choice, stale > STALE ? List.of() : elite);
      if (generations == 0) {
        genomes.addAll(Adversaries.of(target, durationNanos));
      }
      List<Trial> brood = judged(judge, workers, genomes);
      trials += genomes.size();
      generations++;
      stale = stale > STALE ? 0 : stale + 1;
      elite.addAll(brood);
      elite.sort((a, b) -> Double.compare(b.score().ratio(), a.score().ratio()));
      elite = new ArrayList<>(elite.subList(0, Math.min(ELITE, elite.size())));
      if (best == null || elite.getFirst().score().ratio() > best.score().ratio()) {
        best = elite.getFirst();
        stale = 0;
      }
      progress.at(generations, best.score().ratio());
    } while (more.getAsBoolean());
    Shrinker shrinker = new Shrinker(judge, workers);
    Trial small = shrinker.shrunk(best);
    Judge.Score score = small.score();
    return new Found(
        small.genome(),
        score.ratio(),
        score.target(),
        score.best(),
        score.rival(),
        generations,
        trials + shrinker.trials());
  }

  private List<String> policies() {
    List<String> policies = new ArrayList<>(rivals);
    policies.add(target);
    return policies;
  }

  private static List<Genome> brood(Breeder breeder, SplittableRandom choice, List<Trial> elite) {
    List<Genome> brood = new ArrayList<>();
    for (int i = 0; i < BROOD; i++) {
      boolean draw = elite.isEmpty() || i % 5 == 0;
      brood.add(
          draw
              ? breeder.fresh()
              : breeder.changed(elite.get(choice.nextInt(elite.size())).genome()));
    }
    return brood;
  }

  static List<Trial> judged(Judge judge, Workers workers, List<Genome> genomes) {
    Judge.Score[] scores = new Judge.Score[genomes.size()];
    workers.run(genomes.size(), i -> scores[i] = judge.score(genomes.get(i)));
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      trials.add(new Trial(genomes.get(i), scores[i]));
    }
    return trials;
  }
}
