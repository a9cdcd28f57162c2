package org.bufferyard.simulator.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.result.RunResult;
import org.jspecify.annotations.Nullable;

/**
 * How much longer each client's jobs took than in the same run with memory for everything. That run
 * is the yardstick, and not each client alone, because clients share buffers: alone, one that shows
 * what another draws would have nothing to do.
 *
 * @param byClient mean turnaround over that of the roomy run; clients without jobs are left out
 */
public record Slowdowns(Map<String, Double> byClient) {
  static Slowdowns of(RunResult run, @Nullable RunResult roomy) {
    Map<String, Double> byClient = new LinkedHashMap<>();
    if (roomy != null) {
      Map<String, Double> ample = new LinkedHashMap<>();
      roomy.clients().forEach(client -> ample.put(client.client(), client.meanTurnaroundNanos()));
      for (RunResult.ClientUse client : run.clients()) {
        double own = client.meanTurnaroundNanos();
        double least = ample.getOrDefault(client.client(), 0.0);
        if (own > 0 && least > 0) {
          byClient.put(client.client(), own / least);
        }
      }
    }
    return new Slowdowns(byClient);
  }

  double worst() {
    return byClient.values().stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  /** Jain's index of the speeds: from 1/n, one client has it all, to 1, all suffer alike. */
  double fairness() {
    List<Double> speeds = new ArrayList<>();
    byClient.values().forEach(slowdown -> speeds.add(1 / slowdown));
    double sum = speeds.stream().mapToDouble(Double::doubleValue).sum();
    double squares = speeds.stream().mapToDouble(speed -> speed * speed).sum();
    return speeds.isEmpty() ? Double.NaN : sum * sum / (speeds.size() * squares);
  }
}
