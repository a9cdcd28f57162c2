package org.bufferyard.testkit;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.concurrent.ThreadFactory;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The scheduler that Akka sees: it sets timers of virtual time. Made by Akka from its configuration
 * ({@code akka.scheduler.implementation}).
 */
final class SimScheduler extends AbstractScheduler implements Closeable {
  private static final double TICKS_PER_SECOND = 1e9;

  private final StepLoop loop;

  SimScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.loop = SimRegistry.find(config);
  }

  /** Deprecated for callers, but still what Akka's fixed-rate timers arrive at. */
  @Override
  @SuppressWarnings("deprecation")
  public Cancellable schedule(
      FiniteDuration delay, FiniteDuration period, Runnable work, ExecutionContext context) {
    if (period.toNanos() <= 0) {
      throw new IllegalArgumentException("period must be positive, was " + period);
    }
    return loop.setTimer(Math.max(0, delay.toNanos()), period.toNanos(), work, context);
  }

  /** A delay of zero or less hands the work over at once, as Akka's own scheduler does. */
  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable work, ExecutionContext context) {
    if (delay.toNanos() <= 0) {
      loop.checkThread("a timer");
      context.execute(work);
      return Cancellable.alreadyCancelled();
    }
    return loop.setTimer(delay.toNanos(), 0, work, context);
  }

  @Override
  public double maxFrequency() {
    return TICKS_PER_SECOND;
  }

  /** Runs the timers that ask for it and forgets the rest. */
  @Override
  public void close() {
    for (Timer timer : loop.drainTimers()) {
      if (timer.work() instanceof Scheduler.TaskRunOnClose) {
        timer.work().run();
      }
    }
  }
}
