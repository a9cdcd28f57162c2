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

  /**
   * An actor takes a message out of its mailbox and is about to handle it: between {@link #onStep}
   * and whatever it sends. A message through an adapter is shown as it was sent, here and in {@link
   * #onSend}.
   */
  default void onHandle(ActorPath actor, Object message) {}
}
