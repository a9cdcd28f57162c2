package org.bufferyard.testkit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The executor service of one dispatcher: it passes work on to the step loop. */
final class SimExecutor extends AbstractExecutorService {
  private final Executor target;
  private boolean shutdown;

  SimExecutor(Executor target) {
    this.target = target;
  }

  @Override
  public void execute(Runnable work) {
    target.execute(work);
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }
}
