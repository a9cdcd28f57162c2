package org.bufferyard.simulator.requests;

import java.util.Arrays;

/** The entries that one record of a trace gave and nobody has taken yet. Not thread-safe. */
final class Entries {
  private int[] waiting = new int[64];
  private int first;
  private int size;

  void request(int id) {
    add(id);
  }

  /** Object {@code id} is freed. */
  void free(int id) {
    add(~id);
  }

  private void add(int entry) {
    if (size == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * size);
    }
    waiting[size++] = entry;
  }

  boolean isEmpty() {
    return first == size;
  }

  /** Moves up to {@code room} of them to {@code into[from]} on; how many. */
  int take(int[] into, int from, int room) {
    int taken = Math.min(room, size - first);
    System.arraycopy(waiting, first, into, from, taken);
    first += taken;
    if (first == size) {
      first = 0;
      size = 0;
    }
    return taken;
  }
}
