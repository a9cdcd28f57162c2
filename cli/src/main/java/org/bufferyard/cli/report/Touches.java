package org.bufferyard.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** When each client of a pattern touches which of its buffers: what a picture of it shows. */
final class Touches {
  private static final int POINTS_MAX = 1_500;
  private static final long SPAN_NANOS = 1_000_000_000L;

  /** By client: its points, {@code [seconds, buffer]}, from the beginning of the run. */
  static List<Object> of(List<Pattern> clients) {
    List<Object> touches = new ArrayList<>();
    for (Pattern client : clients) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("client", client.client());
      one.put("points", points(client));
      touches.add(one);
    }
    return touches;
  }

  private static List<Object> points(Pattern client) {
    List<Object> points = new ArrayList<>();
    for (Step step : Generators.steps(client, SPAN_NANOS)) {
      if (points.size() >= POINTS_MAX) {
        break;
      }
      if (step.action() instanceof Action.Submit submit) {
        for (Use use : submit.uses()) {
          points.add(List.of(step.atNanos() / 1e9, use.buffer()));
        }
      }
    }
    return points;
  }

  private Touches() {}
}
