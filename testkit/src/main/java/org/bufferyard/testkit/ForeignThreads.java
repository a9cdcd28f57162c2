package org.bufferyard.testkit;

import java.util.concurrent.ForkJoinPool;

/** Waits for threads that may still be about to give work to a system that is closing. */
final class ForeignThreads {
  private static final long WAIT_NANOS_MAX = 500_000_000;

  private ForeignThreads() {}

  /**
   * CompletionStage callbacks run on the common pool. One that is under way when a system closes
   * would go unnoticed, so the pool, if anything uses it, is given half a second to become quiet.
   * (Its own awaitQuiescence would not do: it runs the pool's tasks on the calling thread.)
   */
  static void awaitCommonPool() {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    long startNanos = System.nanoTime();
    while (!pool.isQuiescent() && System.nanoTime() - startNanos < WAIT_NANOS_MAX) {
      Thread.onSpinWait();
    }
  }
}
