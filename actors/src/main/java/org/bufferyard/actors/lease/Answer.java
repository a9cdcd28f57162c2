package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Where the answer to one request goes: to an actor, a stage or a future. Called exactly once, on
 * the importer's thread; must return at once.
 */
public interface Answer<T> {
  void done(T value);

  void refused(Refusal refusal);

  /** What was asked for is let go when this actor dies; null: only its time ends a lease. */
  default @Nullable ActorRef<?> owner() {
    return null;
  }

  /** As a lease that was never closed names the place that took it. */
  default Object place() {
    ActorRef<?> owner = owner();
    return owner == null ? "an unnamed place" : owner.path();
  }
}
