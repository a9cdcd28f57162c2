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
}
