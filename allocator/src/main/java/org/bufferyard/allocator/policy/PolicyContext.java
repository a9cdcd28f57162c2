package org.bufferyard.allocator.policy;

import java.util.random.RandomGenerator;

/**
 * What a policy is made of.
 *
 * @param capacityPages room in the region, at least 1
 * @param expectedIds how many ids to prepare columns for; they grow beyond it
 * @param residents facts about buffers
 * @param random the only source of chance
 * @param future when each request's buffer is next used; {@link Future#UNKNOWN} online
 */
public record PolicyContext(
    long capacityPages,
    int expectedIds,
    Residents residents,
    RandomGenerator random,
    Future future) {
  public PolicyContext {
    if (capacityPages < 1) {
      throw new IllegalArgumentException(
          "capacityPages must be positive, capacityPages=" + capacityPages);
    }
    if (expectedIds < 0) {
      throw new IllegalArgumentException(
          "expectedIds must not be negative, expectedIds=" + expectedIds);
    }
  }

  /** The context of an online policy. */
  public PolicyContext(
      long capacityPages, int expectedIds, Residents residents, RandomGenerator random) {
    this(capacityPages, expectedIds, residents, random, Future.UNKNOWN);
  }
}
