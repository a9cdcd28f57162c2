package org.bufferyard.simulator.run;

import java.util.function.LongSupplier;
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
 */
public record RunRequest(
    Scenario scenario,
    Workload workload,
    long seed,
    boolean deterministic,
    double speed,
    LongSupplier wallNanos,
    String replay,
    Sampling sampling) {
  /** With nothing watched but what is deterministic. */
  public RunRequest(
      Scenario scenario,
      Workload workload,
      long seed,
      boolean deterministic,
      double speed,
      LongSupplier wallNanos,
      String replay) {
    this(scenario, workload, seed, deterministic, speed, wallNanos, replay, Sampling.OFF);
  }
}
