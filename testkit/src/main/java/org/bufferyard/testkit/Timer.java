package org.bufferyard.testkit;

import akka.actor.Cancellable;
import scala.concurrent.ExecutionContext;

/** A timer of virtual time, ordered by the time it is due and then by when it was set. */
final class Timer implements Cancellable, Comparable<Timer> {
  private enum State {
    WAITING,
    CANCELLED,
    EXPIRED
  }

  private final TimerQueue queue;
  private final long periodNanos;
  private final Runnable work;
  private final ExecutionContext context;
  private volatile State state = State.WAITING;
  private long dueNanos;
  private long sequence;

  /**
   * Makes a timer that is not yet set.
   *
   * @param periodNanos 0 for a timer that fires once
   */
  Timer(TimerQueue queue, long periodNanos, Runnable work, ExecutionContext context) {
    this.queue = queue;
    this.periodNanos = periodNanos;
    this.work = work;
    this.context = context;
  }

  void set(long atNanos, long withSequence) {
    dueNanos = atNanos;
    sequence = withSequence;
  }

  long dueNanos() {
    return dueNanos;
  }

  long sequence() {
    return sequence;
  }

  long periodNanos() {
    return periodNanos;
  }

  Runnable work() {
    return work;
  }

  void handOver() {
    context.execute(work);
  }

  void expire() {
    state = State.EXPIRED;
  }

  @Override
  public boolean cancel() {
    return queue.cancel(this);
  }

  boolean markCancelled() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.CANCELLED;
    return true;
  }

  @Override
  public boolean isCancelled() {
    return state == State.CANCELLED;
  }

  @Override
  public int compareTo(Timer other) {
    int byTime = Long.compare(dueNanos, other.dueNanos);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }
}
