package org.bufferyard.testkit;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Picks the task that has been ready for longest. */
final class FifoPicker implements Strategy.Picker {
  private final ArrayDeque<Task> queue = new ArrayDeque<>();

  @Override
  public void ready(Task task) {
    queue.addLast(task);
  }

  @Override
  public @Nullable Task next() {
    return queue.pollFirst();
  }

  @Override
  public int size() {
    return queue.size();
  }
}
