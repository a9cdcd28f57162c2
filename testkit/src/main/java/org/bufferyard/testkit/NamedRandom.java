package org.bufferyard.testkit;

import java.util.random.RandomGenerator;

/** Random streams by seed and name, for code that also runs where no deterministic system is. */
public final class NamedRandom {
  /** A new stream; equal for equal arguments, and independent of every other name's. */
  public static RandomGenerator stream(long seed, String name) {
    return SplitMix64.of(seed, "@" + name);
  }

  private NamedRandom() {}
}
