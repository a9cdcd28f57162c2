package org.bufferyard.allocator.policy;

/** The filter of a demand: where each resident buffer stands now. Called once per candidate. */
@FunctionalInterface
public interface Standings {
  Standing standing(int id);
}
