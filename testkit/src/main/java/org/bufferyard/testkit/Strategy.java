package org.bufferyard.testkit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the ready tasks runs next.
 *
 * <p>A strategy is a value that many systems may share; {@link #start} makes the mutable picker of
 * one system. Whatever a picker decides must follow from what it was given and from its random
 * stream, or the run cannot be replayed.
 */
public interface Strategy {
  /** A picker for one system. The random stream is the picker's own. */
  Picker start(RandomGenerator random);

  /** The tasks that are ready, and the choice among them. Called by one thread. */
  interface Picker {
    /** Takes a task that has become ready. */
    void ready(Task task);

    /**
     * Removes and returns the task to run now. Null when there is none, or when all that is left is
     * to be held back while time goes on.
     */
    @Nullable Task next();

    /** The number of tasks taken and not yet returned, held back or not. */
    int size();

    /**
     * Nothing else can happen: the next call of {@link #next} must return a task if there is one.
     */
    default void release() {}
  }

  /** Every ready task is equally likely. */
  static Strategy uniform() {
    return UniformPicker::new;
  }

  /** In the order in which they became ready: close to a lightly loaded real dispatcher. */
  static Strategy fifo() {
    return random -> new FifoPicker();
  }

  /**
   * Probabilistic concurrency testing with the default horizon of {@value
   * PctPicker#HORIZON_STEPS_DEFAULT} steps.
   */
  static Strategy pct(int changePoints) {
    return pct(changePoints, PctPicker.HORIZON_STEPS_DEFAULT);
  }

  /**
   * Probabilistic concurrency testing: every actor has a random priority, the highest that is ready
   * runs, and at some random steps the one about to run falls to the lowest. Finds a bug that needs
   * d ordering constraints with d - 1 change points, with a probability that does not depend on
   * luck in every step. Priorities are drawn anew after each horizon, so no actor starves for ever.
   * From Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs",
   * ASPLOS 2010.
   *
   * @param horizonSteps the steps over which the change points are spread
   */
  static Strategy pct(int changePoints, int horizonSteps) {
    if (changePoints < 0 || horizonSteps < 1) {
      throw new IllegalArgumentException(
          "pct of %d change points in %d steps".formatted(changePoints, horizonSteps));
    }
    return random -> new PctPicker(random, changePoints, horizonSteps);
  }

  /**
   * Uniform, but one actor after another, chosen at random, is held back for a number of steps.
   * While it is the only one that is ready, time goes on without it and its timeouts strike.
   */
  static Strategy starveOne(int holdSteps) {
    return starving(holdSteps, true);
  }

  /**
   * As {@link #starveOne}, but within an instant: the clock waits for whoever is held back, so only
   * the order of messages suffers and no timeout strikes that would not have struck.
   */
  static Strategy delayOne(int holdSteps) {
    return starving(holdSteps, false);
  }

  private static Strategy starving(int holdSteps, boolean timePasses) {
    if (holdSteps < 1) {
      throw new IllegalArgumentException("holdSteps must be positive, was " + holdSteps);
    }
    return random -> new StarvePicker(random, holdSteps, timePasses);
  }

  /**
   * Uniform, but an actor once picked keeps the thread while it has messages, for a random number
   * of steps up to the limit: close to a dispatcher with a large throughput.
   */
  static Strategy bursts(int burstStepsMax) {
    if (burstStepsMax < 1) {
      throw new IllegalArgumentException("burstStepsMax must be positive, was " + burstStepsMax);
    }
    return random -> new BurstPicker(random, burstStepsMax);
  }
}
