package org.bufferyard.testkit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks uniformly, then stays with the actor that it picked.
 *
 * <p>A mailbox with more messages becomes ready again as the last act of its run, so the current
 * actor, if it has work, is the last task in the bag.
 */
final class BurstPicker implements Strategy.Picker {
  private final TaskBag bag = new TaskBag();
  private final RandomGenerator random;
  private final int burstStepsMax;
  private @Nullable Task current;
  private int stepsLeft;

  BurstPicker(RandomGenerator random, int burstStepsMax) {
    this.random = random;
    this.burstStepsMax = burstStepsMax;
  }

  @Override
  public void ready(Task task) {
    bag.add(task);
  }

  @Override
  public @Nullable Task next() {
    int size = bag.size();
    if (size == 0) {
      return null;
    }
    if (stepsLeft > 0 && bag.get(size - 1) == current) {
      stepsLeft--;
      return bag.remove(size - 1);
    }
    Task picked = bag.remove(random.nextInt(size));
    current = picked;
    stepsLeft = random.nextInt(burstStepsMax);
    return picked;
  }

  @Override
  public int size() {
    return bag.size();
  }
}
