package org.bufferyard.testkit;

import java.util.List;

/**
 * How many things of a kind there were, and the first few of them.
 *
 * @param count all of them
 * @param first the first {@value Tally#SAMPLES_MAX} at most
 */
public record Samples<T>(long count, List<T> first) {
  public Samples {
    first = List.copyOf(first);
  }
}
