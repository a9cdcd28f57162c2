package org.bufferyard.cli;

import org.bufferyard.simulator.result.RunResult;
import org.jspecify.annotations.Nullable;

/** The run engine, as the command line sees it. */
@FunctionalInterface
interface Runner {
  /** The result; null if the plan's checkpoint has ended the run. */
  @Nullable RunResult run(RunPlan plan, Progress progress) throws BadInput;

  /** Told a few times per second of wall time, from any thread. */
  @FunctionalInterface
  interface Progress {
    void at(double virtualSeconds, double totalSeconds);
  }
}
