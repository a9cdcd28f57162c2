package org.bufferyard.simulator.requests;

import java.util.function.IntConsumer;

/** Who does independent work: the caller's threads, for this module has none. */
@FunctionalInterface
public interface Workers {
  /** Does tasks {@code 0} to {@code count - 1} in any order; returns when all are done. */
  void run(int count, IntConsumer task);
}
