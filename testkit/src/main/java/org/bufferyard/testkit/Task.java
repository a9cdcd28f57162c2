package org.bufferyard.testkit;

import akka.actor.ActorPath;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is ready to run: an actor's mailbox (one message), or a callback of a future or
 * timer.
 *
 * <p>A mailbox has the same task object for the life of its actor, and is ready at most once.
 */
public final class Task {
  private final Runnable work;
  private final @Nullable ActorPath actor;
  private final long identity;

  Task(Runnable work, @Nullable ActorPath actor, long identity) {
    this.work = work;
    this.actor = actor;
    this.identity = identity;
  }

  /** The actor whose mailbox this is; null for a callback. */
  public @Nullable ActorPath actor() {
    return actor;
  }

  /**
   * A 64-bit name that is equal in every run and JVM: of the actor's path, or of the callback's
   * class. Callbacks of one class share it.
   */
  public long identity() {
    return identity;
  }

  Runnable work() {
    return work;
  }

  void run() {
    work.run();
  }

  /** The actor's path without the system, or the callback's class. */
  @Override
  public String toString() {
    return actor == null ? Identity.className(work.getClass()) : Identity.pathOf(actor);
  }
}
