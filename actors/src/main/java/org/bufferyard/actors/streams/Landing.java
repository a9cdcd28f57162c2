package org.bufferyard.actors.streams;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer waits for its stage: at most one at a time. A stage that stops leaves it closed,
 * and what lands afterwards is disposed of instead of being lost with the stage's callbacks.
 */
final class Landing<T> {
  private static final Object CLOSED = new Object();

  private final AtomicReference<@Nullable Object> landed = new AtomicReference<>();
  private final Consumer<T> disposal;

  Landing(Consumer<T> disposal) {
    this.disposal = disposal;
  }

  /** From any thread. False: the stage has stopped, and the value was disposed of. */
  boolean land(T value) {
    if (landed.compareAndSet(null, value)) {
      return true;
    }
    disposal.accept(value);
    return false;
  }

  /** By the stage: what has landed, or null. */
  @Nullable T take() {
    return value(landed.getAndSet(null));
  }

  /** By the stage as it stops. */
  void close() {
    T value = value(landed.getAndSet(CLOSED));
    if (value != null) {
      disposal.accept(value);
    }
  }

  @SuppressWarnings("unchecked")
  private @Nullable T value(@Nullable Object found) {
    return found == null || found.equals(CLOSED) ? null : (T) found;
  }
}
