package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bufferyard.simulator.requests.Workers;

/** A fixed number of threads that take tasks in turn. */
final class WorkerPool implements Workers, AutoCloseable {
  private final int threads;
  private final ExecutorService executor;

  WorkerPool(int threads) {
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("replay-", 0).factory());
  }

  /** The first failure ends the run, when the tasks under way have ended. */
  @Override
  public void run(int count, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < Math.min(threads, count); thread++) {
      running.add(executor.submit(() -> takeTurns(next, failed, count, task)));
    }
    Throwable failure = null;
    for (Future<?> one : running) {
      failure = failure == null ? failureOf(one) : failure;
    }
    switch (failure) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  private static void takeTurns(
      AtomicInteger next, AtomicBoolean failed, int count, IntConsumer task) {
    boolean done = false;
    try {
      for (int at = next.getAndIncrement();
          at < count && !failed.get();
          at = next.getAndIncrement()) {
        task.accept(at);
      }
      done = true;
    } finally {
      if (!done) {
        failed.set(true);
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Throwable failureOf(Future<?> one) {
    try {
      one.get();
      return null;
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return interrupted;
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
