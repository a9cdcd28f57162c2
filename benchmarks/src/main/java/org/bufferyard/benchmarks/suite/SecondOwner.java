package org.bufferyard.benchmarks.suite;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bufferyard.benchmarks.paired.Contender;
import org.jspecify.annotations.Nullable;

/**
 * A contender beside whom another owner works on structures of its own. Only the contender's own
 * CPU time counts: it grows where the two disturb one another, and not where a core is taken away.
 */
final class SecondOwner implements Contender {
  private static final int STEP_OPS = 1024;

  private final Contender measured;
  private final Contender beside;
  private final AtomicBoolean stop = new AtomicBoolean();
  private @Nullable Thread second;

  SecondOwner(Contender measured, Contender beside) {
    this.measured = measured;
    this.beside = beside;
  }

  @Override
  public void prepare(long ops) {
    stop.set(false);
    second =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!stop.get()) {
                    beside.run(STEP_OPS);
                  }
                });
  }

  @Override
  public long run(long ops) {
    long hash = measured.run(ops);
    stop.set(true);
    join(Objects.requireNonNull(second));
    return hash;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
