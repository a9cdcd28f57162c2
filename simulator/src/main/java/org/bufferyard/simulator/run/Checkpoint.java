package org.bufferyard.simulator.run;

import java.util.SortedMap;

/** Looks at a deterministic run once, between two of its events, without a trace in it. */
public interface Checkpoint {
  /**
   * What the run is like there.
   *
   * @param event how many have happened
   * @param eventHash over these
   * @param parts of the state by name, as {@link
   *     org.bufferyard.testkit.DeterministicSystem#stateDigest} has them, with each region's memory
   * @param picks the order so far, as {@link org.bufferyard.testkit.Schedule} has it; transferred
   */
  @SuppressWarnings("ArrayRecordComponent") // a column of numbers
  record Moment(
      long event, long nanos, long eventHash, SortedMap<String, Long> parts, int[] picks) {}

  /** Whether to look now; asked between all events until it says so. */
  boolean reached(long event, long nanos);

  /**
   * Called once.
   *
   * @return whether the run goes on
   */
  boolean at(Moment moment);
}
