package org.bufferyard.simulator.run;

import java.util.List;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Workload;

/**
 * One run to do.
 *
 * @param deterministic on one thread, on virtual time, replayable; else on Akka's dispatchers
 * @param speed model seconds per wall second, for a run that is not deterministic
 * @param wallNanos the wall clock; the simulator has none of its own
 * @param replay the command line that the result names for doing it again
 * @param sampling which buffers are watched where it is not deterministic; there all are
 * @param watching what is written down for whoever judges it; changes no decision
 */
public record RunRequest(
    Scenario scenario,
    Workload workload,
    long seed,
    boolean deterministic,
    double speed,
    LongSupplier wallNanos,
    String replay,
    Watching watching,
    Sampling sampling) {
  /** Accesses of which the least cost is worked out; a longer run has no regret. */
  public static final int ACCESSES_MAX = 200_000;

  /** What every run writes down: its moves. */
  public static final Watching USUAL = new Watching(65_536, 0, List.of());

  /** A run that is watched as usual, and of which nothing is checked but what is deterministic. */
  public RunRequest(
      Scenario scenario,
      Workload workload,
      long seed,
      boolean deterministic,
      double speed,
      LongSupplier wallNanos,
      String replay) {
    this(scenario, workload, seed, deterministic, speed, wallNanos, replay, USUAL, Sampling.OFF);
  }

  public RunRequest withWorkload(Workload other) {
    return new RunRequest(
        scenario, other, seed, deterministic, speed, wallNanos, replay, watching, sampling);
  }

  public RunRequest watching(Watching what) {
    return new RunRequest(
        scenario, workload, seed, deterministic, speed, wallNanos, replay, what, sampling);
  }
}
