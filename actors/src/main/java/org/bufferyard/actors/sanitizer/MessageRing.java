package org.bufferyard.actors.sanitizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The last messages to and from one buffer. Owned by its shadow. */
final class MessageRing {
  /** Enough to show a move and what led to it. */
  static final int KEPT = 24;

  private static final int LINE_MAX = 200;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Object[] messages = new Object[KEPT];
  private final String[] names = new String[KEPT];
  private final long[] steps = new long[KEPT];
  private final long[] nanos = new long[KEPT];
  private long recorded;

  /** {@code name} of whom it goes to; a message that the buffer handles comes from nobody known. */
  void record(long step, long atNanos, String name, Object message) {
    int slot = (int) (recorded++ % KEPT);
    messages[slot] = message;
    names[slot] = name;
    steps[slot] = step;
    nanos[slot] = atNanos;
  }

  /** Oldest first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (long each = Math.max(0, recorded - KEPT); each < recorded; each++) {
      int slot = (int) (each % KEPT);
      String text = String.valueOf(messages[slot]);
      lines.add(
          String.format(
              Locale.ROOT,
              "#%d %12.6f ms  %s %s",
              steps[slot],
              nanos[slot] / NANOS_PER_MILLI,
              names[slot],
              text.length() > LINE_MAX ? text.substring(0, LINE_MAX) + "..." : text));
    }
    return lines;
  }
}
