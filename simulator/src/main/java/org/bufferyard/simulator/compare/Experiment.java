package org.bufferyard.simulator.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.requests.Workers;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a comparison needs. Each is deterministic, so all policies meet the same workload
 * in the same seeded order of events, as far as their own decisions leave it so.
 *
 * @param runs in order of size, then seed, then policy
 * @param roomy one run a seed with memory for everything; empty where the yard has no VRAM to grow
 * @param alone for each size and seed a run of each client by itself; empty where none is wanted
 */
public record Experiment(
    List<String> policies,
    List<String> sizes,
    List<Long> seeds,
    List<RunRequest> runs,
    List<RunRequest> roomy,
    List<List<RunRequest>> alone) {
  /** Without runs of single clients. */
  public Experiment(
      List<String> policies,
      List<String> sizes,
      List<Long> seeds,
      List<RunRequest> runs,
      List<RunRequest> roomy) {
    this(policies, sizes, seeds, runs, roomy, List.of());
  }

  public Experiment {
    if (runs.size() != policies.size() * sizes.size() * seeds.size()) {
      throw new IllegalArgumentException(
          "a run for each size, seed and policy, not " + runs.size());
    }
    if (!roomy.isEmpty() && roomy.size() != seeds.size()) {
      throw new IllegalArgumentException("a roomy run for each seed, not " + roomy.size());
    }
  }

  /** How many runs it takes. */
  public int count() {
    return runs.size() + roomy.size() + alone.stream().mapToInt(List::size).sum();
  }

  /** Told when a run has ended, from any thread. */
  @FunctionalInterface
  public interface Progress {
    void done(int runs, int ofRuns);
  }

  /**
   * Does all runs.
   *
   * @throws UncheckedIOException a swap file cannot be made
   */
  public Comparison perform(Workers workers, Progress progress) {
    List<RunRequest> all = new ArrayList<>(roomy);
    all.addAll(runs);
    alone.forEach(all::addAll);
    RunResult[] results = new RunResult[all.size()];
    int[] done = new int[1];
    workers.run(
        all.size(),
        i -> {
          results[i] = run(all.get(i));
          synchronized (done) {
            progress.done(++done[0], all.size());
          }
        });
    @Nullable RunResult[] ample = new @Nullable RunResult[seeds.size()];
    System.arraycopy(results, 0, ample, 0, roomy.size());
    RunResult[] compared = new RunResult[runs.size()];
    System.arraycopy(results, roomy.size(), compared, 0, compared.length);
    List<List<RunResult>> single = new ArrayList<>();
    int next = roomy.size() + runs.size();
    for (List<RunRequest> clients : alone) {
      single.add(List.of(results).subList(next, next + clients.size()));
      next += clients.size();
    }
    long[] numbers = seeds.stream().mapToLong(Long::longValue).toArray();
    return new Comparison(policies, sizes, numbers, compared, ample, single);
  }

  private static RunResult run(RunRequest request) {
    try {
      RunResult result = Simulation.run(request, (at, of) -> {});
      return result.withFindings(result.findings().withoutEvictions());
    } catch (IOException noSwapFile) {
      throw new UncheckedIOException(noSwapFile);
    }
  }
}
