package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Clients that each touch buffers of their own in an order that is told in a word. */
final class PatternsWorkload {
  static final String DEVICE = "gpu";

  static Workload generate(WorkloadSpec.Patterns spec, long durationNanos, RandomGenerator random) {
    List<ClientScript> clients = new ArrayList<>();
    int buffers = 0;
    for (WorkloadSpec.Pattern pattern : spec.clients()) {
      int firstKey = buffers;
      long seed = random.nextLong();
      clients.add(
          Generators.script(
              pattern.client(), () -> new PatternProgram(pattern, firstKey, seed, durationNanos)));
      buffers += Program.countExports(new PatternProgram(pattern, firstKey, seed, durationNanos));
    }
    return Generators.workload("patterns", durationNanos, buffers, clients);
  }

  private PatternsWorkload() {}
}
