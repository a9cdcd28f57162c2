package org.bufferyard.cli;

import java.io.IOException;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.Checkpoint;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;
import org.jspecify.annotations.Nullable;

/** The simulator behind {@link Runner}, on this JVM's clock. */
final class Engine {
  static @Nullable RunResult run(RunPlan plan, Runner.Progress progress) throws BadInput {
    Checkpoint checkpoint = plan.checkpoint();
    try {
      if (checkpoint != null) {
        return Simulation.checkpointed(request(plan), progress::at, checkpoint);
      }
      return Simulation.run(request(plan), progress::at, plan.dump());
    } catch (IOException noSwapFile) {
      throw new BadInput("the swap file cannot be made: " + noSwapFile);
    }
  }

  static RunRequest request(RunPlan plan) {
    return new RunRequest(
        plan.scenario(),
        plan.workload(),
        plan.seed(),
        plan.deterministic(),
        plan.speed(),
        System::nanoTime,
        plan.replay(),
        plan.watching(),
        plan.sampling());
  }

  private Engine() {}
}
