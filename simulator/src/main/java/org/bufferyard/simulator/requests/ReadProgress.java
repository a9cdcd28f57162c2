package org.bufferyard.simulator.requests;

/** Told now and then how far a long work has come, from any thread. */
@FunctionalInterface
public interface ReadProgress {
  /** {@code done} of {@code total}, both in the same unit; {@code what} is being done. */
  void at(String what, long done, long total);
}
