package org.bufferyard.simulator.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/** A system on a chip: one client drives every device. */
final class SocWorkload {
  static Workload generate(WorkloadSpec.Soc spec, long durationNanos, RandomGenerator random) {
    long seed = random.nextLong();
    int buffers = Program.countExports(new SocProgram(spec, seed, durationNanos));
    return Generators.workload(
        "soc",
        durationNanos,
        buffers,
        List.of(Generators.script("media", () -> new SocProgram(spec, seed, durationNanos))));
  }

  private SocWorkload() {}
}
