package org.bufferyard.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A thread other than the simulation's gave work to a deterministic system, so the run cannot be
 * replayed.
 *
 * <p>Thrown to the test, at its next step or at close; its cause was made in the foreign thread and
 * has the stack that shows who it was. Thrown there as well, but Akka keeps it to itself if the
 * work is a message. The usual reason is a {@code CompletionStage} callback, which the JDK runs on
 * the common pool.
 */
public final class ForeignThreadException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private ForeignThreadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static ForeignThreadException inForeignThread(String work) {
    Thread thread = Thread.currentThread();
    return new ForeignThreadException(
        work + " from foreign thread \"" + thread.getName() + "\" at " + origin(thread), null);
  }

  ForeignThreadException forOwner() {
    return new ForeignThreadException(String.valueOf(getMessage()), this);
  }

  /** The topmost frame of user code, or of anything if the stack holds none. */
  private static StackTraceElement origin(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    for (StackTraceElement frame : stack) {
      if (isUserCode(frame.getClassName())) {
        return frame;
      }
    }
    return stack[stack.length - 1];
  }

  private static boolean isUserCode(String className) {
    return !className.startsWith("akka.")
        && !className.startsWith("scala.")
        && !className.startsWith("java.")
        && !className.startsWith("jdk.")
        && !isThisPackage(className);
  }

  private static boolean isThisPackage(String className) {
    return className.startsWith("org.bufferyard.testkit.Sim")
        || className.startsWith("org.bufferyard.testkit.StepLoop")
        || className.startsWith("org.bufferyard.testkit.Foreign");
  }
}
