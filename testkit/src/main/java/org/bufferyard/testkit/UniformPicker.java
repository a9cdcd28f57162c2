package org.bufferyard.testkit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Picks any ready task with equal probability. */
final class UniformPicker implements Strategy.Picker {
  private final TaskBag bag = new TaskBag();
  private final RandomGenerator random;

  UniformPicker(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public void ready(Task task) {
    bag.add(task);
  }

  @Override
  public @Nullable Task next() {
    int size = bag.size();
    return size == 0 ? null : bag.remove(size == 1 ? 0 : random.nextInt(size));
  }

  @Override
  public int size() {
    return bag.size();
  }
}
