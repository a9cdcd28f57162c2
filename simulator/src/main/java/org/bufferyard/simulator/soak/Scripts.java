package org.bufferyard.simulator.soak;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Workload;

/** Explicit steps as a workload. */
final class Scripts {
  static Workload workload(Map<String, List<Step>> steps, long durationNanos) {
    List<ClientScript> clients = new ArrayList<>();
    int buffers = 0;
    for (Map.Entry<String, List<Step>> client : steps.entrySet()) {
      Source<Step, NotUsed> source = Source.from(List.copyOf(client.getValue()));
      clients.add(new ClientScript(client.getKey(), source));
      for (Step step : client.getValue()) {
        buffers += step.action() instanceof Action.Export ? 1 : 0;
      }
    }
    return new Workload("script", clients, buffers, durationNanos);
  }

  private Scripts() {}
}
