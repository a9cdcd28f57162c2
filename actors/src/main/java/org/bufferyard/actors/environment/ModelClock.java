package org.bufferyard.actors.environment;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Model time. On a deterministic system it is virtual; on real dispatchers it is scaled. */
public interface ModelClock {
  /** Model nanoseconds since the yard opened. */
  long nowNanos();

  /** The delay to give the Akka scheduler for {@code modelNanos} of model time. */
  Duration toScheduler(long modelNanos);

  /**
   * A clock over a source of nanoseconds.
   *
   * @param speed model seconds per second of the source; positive
   */
  static ModelClock scaled(LongSupplier sourceNanos, double speed) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("speed must be positive, speed=" + speed);
    }
    long start = sourceNanos.getAsLong();
    return new ModelClock() {
      @Override
      public long nowNanos() {
        return (long) ((sourceNanos.getAsLong() - start) * speed);
      }

      @Override
      public Duration toScheduler(long modelNanos) {
        return Duration.ofNanos(Math.max(1, (long) (modelNanos / speed)));
      }
    };
  }
}
