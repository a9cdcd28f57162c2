package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The same apps on every side: equal seeds, so that sides differ in their manner alone. */
final class SidesWorkload {
  static Workload generate(WorkloadSpec.Sides spec, long durationNanos, RandomGenerator random) {
    long seed = random.nextLong();
    List<ClientScript> clients = new ArrayList<>();
    int key = 0;
    for (WorkloadSpec.Side side : spec.sides()) {
      for (int app = 0; app < spec.apps(); app++) {
        SideProgram.Cast cast =
            new SideProgram.Cast(spec, side, app, key, seed + app, durationNanos);
        clients.add(Generators.script(side.name() + "-" + app, () -> new SideProgram(cast)));
        key += Program.countExports(new SideProgram(cast));
      }
    }
    return Generators.workload("sides", durationNanos, key, clients);
  }

  private SidesWorkload() {}
}
