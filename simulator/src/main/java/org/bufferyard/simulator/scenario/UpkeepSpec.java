package org.bufferyard.simulator.scenario;

/**
 * What is done to the nearest region beside the demands for its room; see {@link
 * org.bufferyard.actors.environment.Upkeep}.
 */
public record UpkeepSpec(long lowBytes, long highBytes) {
  static final UpkeepSpec NONE = new UpkeepSpec(0, 0);
}
