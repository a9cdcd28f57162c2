package org.bufferyard.simulator.workload;

import java.util.List;

/**
 * The programs of all clients of one run.
 *
 * @param buffers keys are {@code 0} to {@code buffers - 1}, each exported exactly once
 * @param durationNanos model time of the last step at most
 */
public record Workload(String name, List<ClientScript> clients, int buffers, long durationNanos) {
  public Workload {
    if (buffers < 0 || durationNanos < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative, buffers=" + buffers + ", durationNanos=" + durationNanos);
    }
  }
}
