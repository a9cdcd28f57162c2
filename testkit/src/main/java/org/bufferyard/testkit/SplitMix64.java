package org.bufferyard.testkit;

import java.util.random.RandomGenerator;

/**
 * A 64-bit random stream of one word of state, equal on every JVM for an equal seed and name.
 *
 * <p>Streams are derived from (seed, name), never from one another, so drawing more from one does
 * not shift the rest. Not thread-safe; owned by whoever asked for it. Algorithm: Steele, Lea,
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
final class SplitMix64 implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final long FNV_BASIS = 0xCBF29CE484222325L;

  private long state;

  SplitMix64(long state) {
    this.state = state;
  }

  static SplitMix64 of(long seed, String name) {
    return new SplitMix64(mix(mix(seed) + hash(name)));
  }

  /** A bijection of 64-bit words in which every input bit moves about half of the output bits. */
  static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long hash(CharSequence text) {
    long hash = FNV_BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A draw in [0, bound) by multiply and shift: its bias is below bound / 2^32. */
  @Override
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, was " + bound);
    }
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }
}
