package org.bufferyard.actors.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bufferyard.allocator.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Work that ends once: signalled at most one time, with an error or without, and never again
 * unsignalled. Fences of one context signal in order of their sequence number, so a later one
 * stands for all earlier ones. Not thread-safe; owned by one actor. Extended by who attaches data
 * to its own fences. Model of {@code struct dma_fence}, {@code drivers/dma-buf/dma-fence.c}.
 */
public class Fence {
  /** Nobody is in a hurry. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** One callback more on one fence is answered EAGAIN. */
  public static final int CALLBACKS_MAX = 65_536;

  private final long context;
  private final long seqno;
  private boolean signalled;
  private @Nullable Errno error;
  private long deadlineNanos = NO_DEADLINE;
  private @Nullable List<Consumer<Fence>> callbacks;

  /**
   * An unsignalled fence.
   *
   * @param context whose order it follows, from {@link FenceContexts}
   */
  public Fence(long context, long seqno) {
    this.context = context;
    this.seqno = seqno;
  }

  /** A signalled fence of a context of its own: where there is nothing to wait for. */
  public static Fence stub(FenceContexts contexts) {
    Fence stub = new Fence(contexts.take(1), 0);
    stub.signal();
    return stub;
  }

  public final long context() {
    return context;
  }

  public final long seqno() {
    return seqno;
  }

  /** Whether this signals no earlier than {@code other}, which is of the same context. */
  public final boolean isLater(Fence other) {
    if (context != other.context) {
      throw new IllegalArgumentException(
          "contexts " + context + " and " + other.context + " have no common order");
    }
    return seqno > other.seqno;
  }

  public final boolean signalled() {
    return signalled;
  }

  /** The error set before it signalled; null without one, or while unsignalled. */
  public final @Nullable Errno error() {
    return signalled ? error : null;
  }

  /** 0 while unsignalled, 1 after success, the negated error number after failure. */
  public final int status() {
    if (!signalled) {
      return 0;
    }
    return error == null ? 1 : -error.number();
  }

  /** What {@link #error} will say; only before the fence signals. */
  public final void setError(Errno errno) {
    if (signalled) {
      throw new IllegalStateException("signalled already, so too late for " + errno + ": " + this);
    }
    error = errno;
  }

  /**
   * Signals and runs the callbacks in the order in which they were added.
   *
   * @return false if it had signalled before; nothing happens then
   */
  public final boolean signal() {
    if (signalled) {
      return false;
    }
    signalled = true;
    List<Consumer<Fence>> due = callbacks;
    callbacks = null;
    if (due != null) {
      due.forEach(callback -> callback.accept(this));
    }
    return true;
  }

  /**
   * Runs {@code callback} once when the fence signals.
   *
   * @return null, or ENOENT: it has signalled and the callback never runs; EAGAIN: there are {@link
   *     #CALLBACKS_MAX}
   */
  public final @Nullable Errno addCallback(Consumer<Fence> callback) {
    if (signalled) {
      return Errno.ENOENT;
    }
    if (callbacks != null && callbacks.size() >= CALLBACKS_MAX) {
      return Errno.EAGAIN;
    }
    join(callback);
    return null;
  }

  /** As {@link #addCallback}, for what is made of fences; false if it has signalled. */
  final boolean join(Consumer<Fence> callback) {
    if (signalled) {
      return false;
    }
    if (callbacks == null) {
      callbacks = new ArrayList<>(1);
    }
    callbacks.add(callback);
    return true;
  }

  /** Takes a callback back; false if it has run, or is not there. */
  public final boolean removeCallback(Consumer<Fence> callback) {
    return callbacks != null && callbacks.remove(callback);
  }

  /** Somebody wants it by {@code nanos}, model time: the earliest such wish counts. */
  public void setDeadline(long nanos) {
    if (!signalled) {
      deadlineNanos = Math.min(deadlineNanos, nanos);
    }
  }

  public final long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public String toString() {
    return "fence " + context + ":" + seqno + (signalled ? " signalled" : "");
  }
}
