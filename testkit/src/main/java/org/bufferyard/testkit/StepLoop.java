package org.bufferyard.testkit;

import akka.actor.ActorCell;
import akka.actor.ActorPath;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.concurrent.BlockContext;
import scala.concurrent.CanAwait;
import scala.concurrent.ExecutionContext;

/**
 * The engine of one deterministic system: what is ready, which of it runs next, and the clock.
 *
 * <p>A step runs one task or, when none is ready, moves the clock to the next timer. Everything
 * happens on the thread that made the loop; work from another thread is refused.
 */
final class StepLoop implements ExecutionContext, BlockContext {
  private static final long PUMP_STEPS_MAX = 10_000_000;

  private final Thread owner = Thread.currentThread();
  private final Settings settings;
  private final Strategy.Picker picker;
  private final TimerQueue timers = new TimerQueue();
  private final Identity identities = new Identity();
  private final Trace trace = new Trace();
  private final Incidents incidents = new Incidents();
  private final Queue<Runnable> foreign = new ConcurrentLinkedQueue<>();
  private volatile @Nullable ForeignThreadException refused;
  private @Nullable Task running;
  private long stepsAtInstant;

  StepLoop(Settings settings) {
    if (owner.isVirtual()) {
      throw new IllegalStateException("a deterministic system needs a platform thread");
    }
    this.settings = settings;
    this.picker = settings.strategy().start(SplitMix64.of(settings.seed(), "schedule"));
  }

  Trace trace() {
    return trace;
  }

  Incidents incidents() {
    return incidents;
  }

  long nowNanos() {
    return timers.nowNanos();
  }

  /** Runs until the condition holds, the steps are used up, or nothing can happen by the limit. */
  boolean runUntil(BooleanSupplier done, long stepsMax, long limitNanos) {
    for (long steps = 0; ; steps++) {
      if (done.getAsBoolean()) {
        return true;
      }
      if (steps == stepsMax || !step(limitNanos)) {
        return false;
      }
    }
  }

  /** Runs what is ready now, with the clock held; returns the number of steps. */
  long runReady(long stepsMax) {
    long steps = 0;
    while (steps < stepsMax && step(nowNanos())) {
      steps++;
    }
    return steps;
  }

  void moveClockTo(long timeNanos) {
    if (timeNanos > nowNanos()) {
      timers.moveTo(timeNanos);
      stepsAtInstant = 0;
    }
  }

  /**
   * One step, in which the clock may move up to the limit.
   *
   * @return false if nothing is ready and no timer is due by then
   */
  boolean step(long limitNanos) {
    throwIfRefused();
    takeForeign();
    Task task = picker.next();
    if (task != null) {
      run(task);
      return true;
    }
    if (advance(limitNanos)) {
      return true;
    }
    return picker.size() > 0 && releaseOne();
  }

  private boolean advance(long limitNanos) {
    long before = nowNanos();
    if (!timers.advance(limitNanos)) {
      return false;
    }
    stepsAtInstant = before == nowNanos() ? stepsAtInstant : 0;
    countStep(Trace.CLOCK);
    return true;
  }

  private boolean releaseOne() {
    picker.release();
    Task task = picker.next();
    if (task == null) {
      throw new IllegalStateException(
          "the strategy holds back " + picker.size() + " tasks after release()");
    }
    run(task);
    return true;
  }

  private void run(Task task) {
    countStep(task);
    settings.observer().onStep(trace.steps(), nowNanos(), task);
    Task outer = running;
    running = task;
    try {
      task.run();
    } finally {
      running = outer;
      identities.ran(task);
    }
  }

  private void countStep(Task task) {
    trace.add(task, nowNanos());
    if (++stepsAtInstant > settings.stepsPerInstantMax()) {
      throw new IllegalStateException(
          "livelock: %d steps without the clock moving from %d ns; the last were %s"
              .formatted(settings.stepsPerInstantMax(), nowNanos(), trace.recent()));
    }
  }

  void ready(Runnable work) {
    if (Thread.currentThread() == owner) {
      picker.ready(identities.of(work));
    } else {
      checkThread("a task");
      foreign.add(work);
    }
  }

  /** Some message is put into a mailbox; what the courier makes of it, null if it loses it. */
  @Nullable Object sending(ActorCell receiver, Object message) {
    checkThread("a message");
    ActorPath from = running == null ? null : running.actor();
    ActorPath to = receiver.self().path();
    settings.observer().onSend(from, to, message);
    return settings.courier().equals(Courier.HONEST)
        ? message
        : settings.courier().carry(from, to, message);
  }

  /** Nobody looks, so that nothing has to be shown. */
  boolean unobserved() {
    return settings.observer().equals(Settings.NOBODY);
  }

  void handling(ActorPath actor, Object message) {
    settings.observer().onHandle(actor, message);
  }

  void actorFailed(ActorPath actor, Throwable cause) {
    incidents.failed(Identity.pathOf(actor), cause, nowNanos());
  }

  Timer setTimer(long delayNanos, long periodNanos, Runnable work, ExecutionContext context) {
    checkThread("a timer");
    return timers.add(delayNanos, periodNanos, work, context);
  }

  List<Timer> drainTimers() {
    return timers.drain();
  }

  /**
   * Refuses work of a foreign thread.
   *
   * @throws ForeignThreadException on a thread other than the owner, unless those are allowed
   */
  void checkThread(String work) {
    if (Thread.currentThread() != owner && refusesThread(work)) {
      throw ForeignThreadException.inForeignThread(work);
    }
  }

  /** Like {@link #checkThread}, but only the owner learns of it. */
  boolean refusesThread(String work) {
    if (Thread.currentThread() == owner || !settings.foreignTasksRefused()) {
      return false;
    }
    if (refused == null) {
      refused = ForeignThreadException.inForeignThread(work);
    }
    return true;
  }

  void checkOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a deterministic system is run by the thread that made it, \"%s\", not by \"%s\""
              .formatted(owner.getName(), Thread.currentThread().getName()));
    }
  }

  void throwIfRefused() {
    ForeignThreadException refusal = refused;
    if (refusal != null) {
      refused = null;
      throw refusal.forOwner();
    }
  }

  private void takeForeign() {
    if (settings.foreignTasksRefused()) {
      return;
    }
    for (Runnable work = foreign.poll(); work != null; work = foreign.poll()) {
      trace.countForeign();
      picker.ready(identities.of(work));
    }
  }

  @Override
  public void execute(Runnable work) {
    ready(work);
  }

  @Override
  public void reportFailure(Throwable cause) {
    Task task = running;
    incidents.failed(task == null ? "a callback" : task.toString(), cause, nowNanos());
  }

  /** Akka waits inside create, for extensions and loggers: run what it waits for instead. */
  @Override
  public <T> T blockOn(Function0<T> thunk, CanAwait permission) {
    runReady(PUMP_STEPS_MAX);
    return thunk.apply();
  }
}
