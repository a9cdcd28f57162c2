package org.bufferyard.simulator.workload;

import java.util.List;

/**
 * The programs of all clients of one run.
 *
 * @param buffers keys are {@code 0} to {@code buffers - 1}, each exported exactly once
 * @param durationNanos model time of the last step at most
 * @param phases in which it behaves differently, in order of time, the first from 0 on; empty where
 *     it names none
 */
public record Workload(
    String name, List<ClientScript> clients, int buffers, long durationNanos, List<Phase> phases) {
  /** Begins at {@code fromNanos} and lasts until the next one. */
  public record Phase(String name, long fromNanos) {}

  public Workload(String name, List<ClientScript> clients, int buffers, long durationNanos) {
    this(name, clients, buffers, durationNanos, List.of());
  }

  /** With these phases. */
  public Workload withPhases(List<Phase> named) {
    return new Workload(name, clients, buffers, durationNanos, named);
  }

  /** One of the clients by itself; buffers of others that it would import never come. */
  public Workload ofClient(int client) {
    return new Workload(name, List.of(clients.get(client)), buffers, durationNanos, phases);
  }

  public Workload {
    phases = List.copyOf(phases);
    if (buffers < 0 || durationNanos < 0) {
      throw new IllegalArgumentException(
          "counts must not be negative, buffers=" + buffers + ", durationNanos=" + durationNanos);
    }
  }
}
