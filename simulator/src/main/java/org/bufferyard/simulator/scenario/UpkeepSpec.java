package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.environment.Upkeep.Thrash;

/** What is done to the nearest region beside the demands for its room; see {@link Upkeep}. */
public record UpkeepSpec(long lowBytes, long highBytes, Thrash thrash, long thrashWindowNanos) {
  static final UpkeepSpec NONE = new UpkeepSpec(0, 0, Thrash.NONE, Upkeep.THRASH_WINDOW_NANOS);
}
