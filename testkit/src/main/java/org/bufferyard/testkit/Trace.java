package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one run: their number, a hash over all of them, and the last few by name.
 *
 * <p>The hash takes each step's task identity and virtual time, in order. Not thread-safe; owned by
 * the step loop.
 */
final class Trace {
  /** The step that moves the clock. */
  static final Task CLOCK = new Task(() -> {}, null, SplitMix64.hash("clock"));

  private static final int RECENT = 64;

  private final Task[] recentTasks = new Task[RECENT];
  private final long[] recentNanos = new long[RECENT];
  private long steps;
  private long foreignTasks;
  private long hash;

  void add(Task task, long nowNanos) {
    int slot = (int) (steps++ % RECENT);
    recentTasks[slot] = task;
    recentNanos[slot] = nowNanos;
    hash = SplitMix64.mix(hash + task.identity() + Long.rotateLeft(nowNanos, 32));
  }

  void countForeign() {
    foreignTasks++;
  }

  long steps() {
    return steps;
  }

  long hash() {
    return hash;
  }

  long foreignTasks() {
    return foreignTasks;
  }

  List<String> recent() {
    List<String> lines = new ArrayList<>();
    for (long step = Math.max(0, steps - RECENT); step < steps; step++) {
      int slot = (int) (step % RECENT);
      String name = recentTasks[slot] == CLOCK ? "(clock)" : recentTasks[slot].toString();
      lines.add("#%d @%dns %s".formatted(step + 1, recentNanos[slot], name));
    }
    return lines;
  }
}
