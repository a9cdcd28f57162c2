package org.bufferyard.cli;

import java.io.IOException;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.run.Simulation;

/** The simulator behind {@link Runner}, on this JVM's clock. */
final class Engine {
  static RunResult run(RunPlan plan, Runner.Progress progress) throws BadInput {
    try {
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
        plan.sampling());
  }

  private Engine() {}
}
