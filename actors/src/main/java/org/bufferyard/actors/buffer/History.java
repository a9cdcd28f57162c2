package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;

/** The last messages an actor handled, for the report of a violation. Owned by the actor. */
final class History {
  /** Enough to show a move and what led to it. */
  static final int KEPT = 24;

  private static final int LINE_MAX = 200;

  private final Object[] messages = new Object[KEPT];
  private final long[] atNanos = new long[KEPT];
  private long recorded;

  void record(long nowNanos, Object message) {
    int slot = (int) (recorded++ % KEPT);
    messages[slot] = message;
    atNanos[slot] = nowNanos;
  }

  /** Oldest first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (long each = Math.max(0, recorded - KEPT); each < recorded; each++) {
      int slot = (int) (each % KEPT);
      String text = messages[slot].toString();
      String cut = text.length() > LINE_MAX ? text.substring(0, LINE_MAX) + "..." : text;
      lines.add(String.format("%12.6f ms  %s", atNanos[slot] / 1e6, cut));
    }
    return lines;
  }
}
