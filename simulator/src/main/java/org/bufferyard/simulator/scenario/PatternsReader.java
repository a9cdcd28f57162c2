package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.WorkloadSpec;
import org.bufferyard.simulator.workload.WorkloadSpec.Order;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** Reads the clients of a {@code patterns} workload. */
final class PatternsReader {
  private static final int CLIENTS_MAX = 16;
  private static final int BUFFERS_MAX = 4_096;

  static WorkloadSpec.Patterns read(Fields fields) {
    List<Pattern> clients = new ArrayList<>();
    fields
        .sections("clients", CLIENTS_MAX)
        .forEach(
            (name, client) -> {
              clients.add(pattern(name, client));
              client.close();
            });
    if (clients.isEmpty()) {
      throw fields.fault("clients", "", "at least one client");
    }
    return new WorkloadSpec.Patterns(clients);
  }

  private static Pattern pattern(String name, Fields client) {
    long day = ScenarioReader.DURATION_NANOS_MAX;
    long work = client.nanos("work", 0, 1_000, day);
    long rest = client.nanos("rest", 0, 1_000, day);
    if ((work == 0) != (rest == 0)) {
      client.require(work == 0 ? "work" : "rest");
    }
    return new Pattern(
        name,
        client.integer("buffers", 16, 1, BUFFERS_MAX),
        client.sizeBytes("size", 1L << 20, Pages.SIZE_BYTES, 1L << 30),
        client.word("order", Order.LOOP, Order.values()),
        client.integer("uses", 1, 1, 64),
        client.integer("window", 4, 1, BUFFERS_MAX),
        client.nanos("every", 5_000_000, 1_000, day),
        client.nanos("start", 0, 0, day),
        client.nanos("stop", 0, 0, day),
        client.integer("writes", 30, 0, 100),
        client.integer("priority", 0, 0, 3),
        client.flag("leaves", false),
        work,
        rest);
  }

  private PatternsReader() {}
}
