package org.bufferyard.cli;

import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.simulator.run.Checkpoint;
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
 * @param watching what is written down of it
 * @param checkpoint looks at it on its way and may end it; or null
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
    Watching watching,
    @Nullable Checkpoint checkpoint,
    Sampling sampling) {
  RunPlan dumped(Simulation.@Nullable DumpAt at) {
    return with(at, watching, checkpoint);
  }

  RunPlan watched(Watching what) {
    return with(dump, what, checkpoint);
  }

  RunPlan checkpointed(Checkpoint at) {
    return with(dump, watching, at);
  }

  RunPlan sampled(Sampling which) {
    return new RunPlan(
        description,
        scenario,
        workload,
        seed,
        deterministic,
        speed,
        replay,
        dump,
        watching,
        checkpoint,
        which);
  }

  private RunPlan with(Simulation.@Nullable DumpAt at, Watching what, @Nullable Checkpoint check) {
    return new RunPlan(
        description,
        scenario,
        workload,
        seed,
        deterministic,
        speed,
        replay,
        at,
        what,
        check,
        sampling);
  }
}
