package org.bufferyard.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;

/**
 * Virtual time: a clock in nanoseconds since the system's start, and the timers that wait for it.
 *
 * <p>The clock moves only by {@link #advance}, from one timer to the next. Timers of one instant
 * are handed to their execution contexts in the order in which they were set, and compete there
 * with everything else that is ready. Setting and cancelling are locked only for the sake of
 * foreign threads, where those are allowed.
 */
final class TimerQueue {
  private static final int SWEEP_MIN = 1024;

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long nowNanos;
  private long sequenceNext;
  private int cancelled;

  long nowNanos() {
    return nowNanos;
  }

  synchronized Timer add(
      long delayNanos, long periodNanos, Runnable work, ExecutionContext context) {
    Timer timer = new Timer(this, periodNanos, work, context);
    enqueue(timer, saturatedAdd(nowNanos, delayNanos));
    return timer;
  }

  private void enqueue(Timer timer, long dueNanos) {
    timer.set(dueNanos, sequenceNext++);
    timers.add(timer);
  }

  /**
   * Moves the clock to the next timer and hands over all that are due then.
   *
   * @return false, with the clock unmoved, if no timer is due up to the limit
   */
  synchronized boolean advance(long limitNanos) {
    Timer first = firstLive();
    if (first == null || first.dueNanos() > limitNanos) {
      return false;
    }
    nowNanos = Math.max(nowNanos, first.dueNanos());
    long sequenceEnd = sequenceNext;
    for (Timer due = first; due != null && isDue(due, sequenceEnd); due = firstLive()) {
      timers.remove();
      fire(due);
    }
    return true;
  }

  /** Moves the clock to a time before the next timer. */
  void moveTo(long timeNanos) {
    nowNanos = Math.max(nowNanos, timeNanos);
  }

  /** Keeps timers that a zero delay sets while others fire out of the same advance. */
  private boolean isDue(Timer timer, long sequenceEnd) {
    return timer.dueNanos() <= nowNanos && timer.sequence() < sequenceEnd;
  }

  private void fire(Timer timer) {
    if (timer.periodNanos() > 0) {
      enqueue(timer, saturatedAdd(timer.dueNanos(), timer.periodNanos()));
    } else {
      timer.expire();
    }
    timer.handOver();
  }

  /** The earliest timer that was not cancelled; cancelled ones before it are dropped. */
  private @Nullable Timer firstLive() {
    Timer first = timers.peek();
    while (first != null && first.isCancelled()) {
      timers.remove();
      cancelled--;
      first = timers.peek();
    }
    return first;
  }

  /** Stops a timer; returns whether it was waiting and now never fires. */
  synchronized boolean cancel(Timer timer) {
    if (!timer.markCancelled()) {
      return false;
    }
    sweep();
    return true;
  }

  /** Asks cancel nearly every timer they set, so the dead are swept when they are the majority. */
  private void sweep() {
    cancelled++;
    if (cancelled > SWEEP_MIN && cancelled > timers.size() / 2) {
      timers.removeIf(Timer::isCancelled);
      cancelled = 0;
    }
  }

  /** Removes everything; returns what was live, earliest first. */
  synchronized List<Timer> drain() {
    List<Timer> live = new ArrayList<>();
    for (Timer timer = firstLive(); timer != null; timer = firstLive()) {
      live.add(timers.remove());
    }
    return live;
  }

  private static long saturatedAdd(long timeNanos, long delayNanos) {
    long sum = timeNanos + delayNanos;
    return sum < timeNanos ? Long.MAX_VALUE : sum;
  }
}
