package org.bufferyard.testkit.junit;

import java.util.random.RandomGenerator;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;

/**
 * One run of a {@link Seeded} test.
 *
 * @param seed decides everything that is random in the run
 * @param index 0 for the first seed, and up
 * @param count the number of runs
 */
public record SeededRun(long seed, int index, int count) {
  /** Settings of a {@link DeterministicSystem} with this seed. */
  public Settings settings() {
    return Settings.seed(seed);
  }

  /** A random stream derived from the seed and the name; a new one on each call. */
  public RandomGenerator random(String streamName) {
    return settings().random(streamName);
  }
}
