package org.bufferyard.actors.environment;

import java.util.random.RandomGenerator;

/**
 * Independent streams of randomness by name: one stream's draws never shift another's, and the same
 * seed and name give the same stream.
 */
@FunctionalInterface
public interface Randomness {
  RandomGenerator stream(String name);
}
