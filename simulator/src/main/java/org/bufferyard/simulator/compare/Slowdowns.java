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
    Map<String, Double> least = new LinkedHashMap<>();
    if (roomy != null) {
      roomy.clients().forEach(client -> least.put(client.client(), client.meanTurnaroundNanos()));
    }
    return against(run, least);
  }

  /**
   * Against each client's run by itself: of those whose jobs are the same there.
   *
   * @param alone one run a client; null where there are none
   */
  static Slowdowns ofAlone(RunResult run, @Nullable List<RunResult> alone) {
    Map<String, Double> least = new LinkedHashMap<>();
    if (alone != null) {
      for (RunResult own : alone) {
        own.clients().forEach(client -> least.put(client.client(), comparable(run, client)));
      }
    }
    return against(run, least);
  }

  /** One that lives off what others share with it has less to do alone; that compares nothing. */
  private static double comparable(RunResult run, RunResult.ClientUse alone) {
    for (RunResult.ClientUse client : run.clients()) {
      if (client.client().equals(alone.client())
          && client.jobs() + client.jobsRefused() == alone.jobs() + alone.jobsRefused()) {
        return alone.meanTurnaroundNanos();
      }
    }
    return 0;
  }

  private static Slowdowns against(RunResult run, Map<String, Double> yardstick) {
    Map<String, Double> byClient = new LinkedHashMap<>();
    for (RunResult.ClientUse client : run.clients()) {
      double own = client.meanTurnaroundNanos();
      double least = yardstick.getOrDefault(client.client(), 0.0);
      if (own > 0 && least > 0) {
        byClient.put(client.client(), own / least);
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
