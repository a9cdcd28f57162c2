package org.bufferyard.testkit;

import akka.actor.ActorPath;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a deterministic system does, on its thread, without changing it: the source of message
 * histories and sequence charts.
 */
public interface Observer {
  /** A task is about to run; {@code step} counts from 1. */
  default void onStep(long step, long nowNanos, Task task) {}

  /**
   * A message is put into a mailbox.
   *
   * @param from the actor that is running, null when a callback, a timer or the test sends
   */
  default void onSend(@Nullable ActorPath from, ActorPath to, Object message) {}
}
