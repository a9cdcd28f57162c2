package org.bufferyard.actors.fence;

/**
 * How a wait with a limit stands. Nothing blocks: whoever waits looks again when a callback or its
 * timer tells it to. Model of what {@code dma_fence_wait_timeout} returns.
 */
public sealed interface WaitResult {
  /**
   * What was waited for has signalled, with this much time left: at least 1 ns, as the kernel's.
   */
  record Signalled(long leftNanos) implements WaitResult {}

  record TimedOut() implements WaitResult {}

  record Waiting(long leftNanos) implements WaitResult {}

  /** At {@code nowNanos}, for a wait that ends at {@code untilNanos}; model time. */
  static WaitResult of(boolean signalled, long nowNanos, long untilNanos) {
    long left = left(nowNanos, untilNanos);
    if (signalled) {
      return new Signalled(Math.max(1, left));
    }
    return left > 0 ? new Waiting(left) : new TimedOut();
  }

  /** None where the end has passed, however long ago; the most there is where it never comes. */
  private static long left(long nowNanos, long untilNanos) {
    if (untilNanos <= nowNanos) {
      return 0;
    }
    long left = untilNanos - nowNanos;
    return left < 0 ? Long.MAX_VALUE : left;
  }
}
