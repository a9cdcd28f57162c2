package org.bufferyard.testkit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Holds one actor back at a time and picks uniformly among the rest. */
final class StarvePicker implements Strategy.Picker {
  private final TaskBag bag = new TaskBag();
  private final RandomGenerator random;
  private final int holdSteps;
  private final boolean timePasses;
  private @Nullable Task victim;
  private boolean victimReady;
  private int stepsLeft;

  /**
   * @param timePasses whether the clock moves while nothing but the victim is ready
   */
  StarvePicker(RandomGenerator random, int holdSteps, boolean timePasses) {
    this.random = random;
    this.holdSteps = holdSteps;
    this.timePasses = timePasses;
  }

  @Override
  public void ready(Task task) {
    if (task == victim) {
      victimReady = true;
    } else {
      bag.add(task);
    }
  }

  @Override
  public @Nullable Task next() {
    if (victim != null && --stepsLeft <= 0) {
      release();
    }
    if (bag.size() == 0 && !timePasses) {
      release();
    }
    if (bag.size() == 0) {
      return null;
    }
    Task picked = bag.remove(random.nextInt(bag.size()));
    if (victim == null && picked.actor() != null) {
      victim = picked;
      stepsLeft = 1 + random.nextInt(holdSteps);
    }
    return picked;
  }

  @Override
  public int size() {
    return bag.size() + (victimReady ? 1 : 0);
  }

  @Override
  public void release() {
    if (victimReady && victim != null) {
      bag.add(victim);
    }
    victim = null;
    victimReady = false;
  }
}
