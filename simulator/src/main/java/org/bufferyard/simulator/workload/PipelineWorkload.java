package org.bufferyard.simulator.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/** A phone's camera application: one client, four devices, no VRAM. */
final class PipelineWorkload {
  static Workload generate(WorkloadSpec.Pipeline spec, long durationNanos, RandomGenerator random) {
    long seed = random.nextLong();
    int buffers = Program.countExports(new PipelineProgram(spec, seed, durationNanos));
    return Generators.workload(
        "pipeline",
        durationNanos,
        buffers,
        List.of(
            Generators.script("camera-app", () -> new PipelineProgram(spec, seed, durationNanos))));
  }

  private PipelineWorkload() {}
}
