package org.bufferyard.simulator.compare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.RunResult;
import org.jspecify.annotations.Nullable;

/** The runs of all policies, at all sizes, on all seeds, and what they say of one another. */
public final class Comparison {
  private final List<String> policies;
  private final List<String> sizes;
  private final long[] seeds;
  private final RunResult[] runs;
  private final @Nullable RunResult[] roomy;
  private final List<List<RunResult>> alone;

  /**
   * @param runs in order of size, then seed, then policy
   * @param roomy by seed: with memory for everything; null where there is no such run
   * @param alone by size, then seed: each client by itself; empty where there are no such runs
   */
  Comparison(
      List<String> policies,
      List<String> sizes,
      long[] seeds,
      RunResult[] runs,
      @Nullable RunResult[] roomy,
      List<List<RunResult>> alone) {
    this.policies = List.copyOf(policies);
    this.sizes = List.copyOf(sizes);
    this.seeds = seeds.clone();
    this.runs = runs;
    this.roomy = roomy;
    this.alone = alone;
  }

  public List<String> policies() {
    return policies;
  }

  /** Of VRAM, as they were named. */
  public List<String> sizes() {
    return sizes;
  }

  public List<Long> seeds() {
    return Arrays.stream(seeds).boxed().toList();
  }

  /** Every run, in order of size, then seed, then policy. */
  public List<RunResult> runs() {
    return List.of(runs);
  }

  public RunResult run(int size, int seed, int policy) {
    return runs[(size * seeds.length + seed) * policies.size() + policy];
  }

  /** By seed; NaN where a run has no such figure. */
  public double[] values(Metric metric, int size, int policy) {
    double[] values = new double[seeds.length];
    for (int seed = 0; seed < seeds.length; seed++) {
      values[seed] = metric.of(run(size, seed, policy), roomy[seed], alone(size, seed));
    }
    return values;
  }

  private @Nullable List<RunResult> alone(int size, int seed) {
    return alone.isEmpty() ? null : alone.get(size * seeds.length + seed);
  }

  public Interval interval(Metric metric, int size, int policy) {
    return Interval.of(values(metric, size, policy));
  }

  /** How {@code policy} does against {@code other}, seed by seed. */
  public Verdict verdict(Metric metric, int size, int policy, int other) {
    return Verdict.of(
        values(metric, size, policy), values(metric, size, other), metric.lowerIsBetter());
  }

  /** Slowdown of every client, of the seed {@code seed} runs. */
  public Map<String, Double> slowdowns(int size, int seed, int policy) {
    return Slowdowns.of(run(size, seed, policy), roomy[seed]).byClient();
  }

  /** Whether some run has this figure. */
  public boolean has(Metric metric) {
    if (metric.againstAlone()) {
      return !alone.isEmpty();
    }
    if (metric.relative()) {
      return roomy.length > 0 && roomy[0] != null;
    }
    return Arrays.stream(runs).anyMatch(run -> !Double.isNaN(metric.of(run)));
  }

  /** Policies with the best mean first; what has no figure is last, equals as they were named. */
  public List<Integer> ranked(Metric metric, int size) {
    double[] means = new double[policies.size()];
    for (int policy = 0; policy < means.length; policy++) {
      double mean = interval(metric, size, policy).mean();
      means[policy] = metric.lowerIsBetter() || Double.isNaN(mean) ? mean : -mean;
    }
    Integer[] order = new Integer[means.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> means[i]));
    return List.of(order);
  }

  /** Bytes over each link, mean over the seeds, in order of link. */
  public Map<String, Double> moved(int size, int policy) {
    Map<String, Double> moved = new TreeMap<>();
    for (int seed = 0; seed < seeds.length; seed++) {
      run(size, seed, policy)
          .bytesMoved()
          .forEach((link, bytes) -> moved.merge(link, (double) bytes / seeds.length, Double::sum));
    }
    return moved;
  }

  /** A run that fetched less than any schedule can: it, or the bound, is wrong. */
  public @Nullable RunResult belowBound() {
    for (RunResult run : runs) {
      Findings.Regret regret = run.findings().measures().regret();
      if (regret != null && regret.violated()) {
        return run;
      }
    }
    return null;
  }

  /** Violations of invariants in all runs; they must be none for the rest to mean anything. */
  public long violations() {
    return Arrays.stream(runs).mapToLong(run -> run.violations().size()).sum();
  }
}
