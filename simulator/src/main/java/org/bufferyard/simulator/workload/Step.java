package org.bufferyard.simulator.workload;

/**
 * One request of a client's program.
 *
 * @param atNanos model time, from the start of the run, at which the client issues it; never
 *     decreases within a program. A client that is still waiting for an earlier answer issues it
 *     late
 */
public record Step(long atNanos, Action action) {
  public Step {
    if (atNanos < 0) {
      throw new IllegalArgumentException("atNanos must not be negative, atNanos=" + atNanos);
    }
  }
}
