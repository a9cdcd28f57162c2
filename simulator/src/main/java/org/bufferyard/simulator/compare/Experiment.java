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
 */
public record Experiment(
    List<String> policies,
    List<String> sizes,
    List<Long> seeds,
    List<RunRequest> runs,
    List<RunRequest> roomy) {
  public Experiment {
    if (runs.size() != policies.size() * sizes.size() * seeds.size()) {
      throw new IllegalArgumentException(
          "a run for each size, seed and policy, not " + runs.size());
    }
    if (!roomy.isEmpty() && roomy.size() != seeds.size()) {
      throw new IllegalArgumentException("a roomy run for each seed, not " + roomy.size());
    }
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
    long[] numbers = seeds.stream().mapToLong(Long::longValue).toArray();
    return new Comparison(policies, sizes, numbers, compared, ample);
  }

  private static RunResult run(RunRequest request) {
    try {
      return Simulation.run(request, (at, of) -> {});
    } catch (IOException noSwapFile) {
      throw new UncheckedIOException(noSwapFile);
    }
  }
}
