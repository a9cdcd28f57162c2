package org.bufferyard.simulator.scenario;

/** When an evicted buffer moves back to the region it would rather be in, at its next map. */
public enum BringBack {
  ALWAYS,
  NEVER,
  /** While the bytes moved back stay within a budget. */
  BUDGET,
  /** Once it was mapped a few times since. */
  HOTNESS
}
