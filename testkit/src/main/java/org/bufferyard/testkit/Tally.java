package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.List;

/** Counts things and keeps the first few. Not thread-safe. */
final class Tally<T> {
  static final int SAMPLES_MAX = 32;

  private final List<T> first = new ArrayList<>();
  private long count;

  void add(T thing) {
    count++;
    if (first.size() < SAMPLES_MAX) {
      first.add(thing);
    }
  }

  Samples<T> samples() {
    return new Samples<>(count, first);
  }
}
