package org.bufferyard.cli;

import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * One run, read from the command line and checked.
 *
 * @param description one line for the head of the result
 * @param speed model seconds per wall second, where {@code deterministic} is false
 * @param replay the command line that runs this again, deterministically
 * @param dump when it is dumped, or null
 * @param sampling which buffers are checked where it is not deterministic
 */
record RunPlan(
    String description,
    Scenario scenario,
    Workload workload,
    long seed,
    boolean deterministic,
    double speed,
    String replay,
    Simulation.@Nullable DumpAt dump,
    Sampling sampling) {
  RunPlan dumped(Simulation.@Nullable DumpAt at) {
    return new RunPlan(
        description, scenario, workload, seed, deterministic, speed, replay, at, sampling);
  }
}
