package org.bufferyard.simulator.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Many devices over many buffers. Buffer {@code b} is exported by client {@code b mod devices} and
 * shared with the next clients at a fixed stride, so that who shares what is arithmetic and a
 * client's program needs no table.
 */
final class ImportersWorkload {
  static String deviceName(int index) {
    return "importer-" + index;
  }

  static String clientName(int index) {
    return "client-" + index;
  }

  /** Clients are a third of the ring apart, so that neighbours share with different ones. */
  static int stride(int devices) {
    return Math.max(1, devices / 3);
  }

  static Workload generate(
      WorkloadSpec.Importers spec, long durationNanos, RandomGenerator random) {
    List<ClientScript> clients = new ArrayList<>(spec.devices());
    for (int i = 0; i < spec.devices(); i++) {
      int index = i;
      long seed = random.nextLong();
      clients.add(
          Generators.script(
              clientName(i), () -> new ImporterProgram(spec, index, seed, durationNanos)));
    }
    return Generators.workload("importers", durationNanos, spec.buffers(), clients);
  }

  private ImportersWorkload() {}
}
