package org.bufferyard.simulator.run;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.bufferyard.actors.environment.ModelClock;
import org.jspecify.annotations.Nullable;

/** Reads the deterministic system's time, which exists only once the system does. */
final class VirtualClock implements ModelClock {
  private @Nullable LongSupplier source;

  void follow(LongSupplier nanos) {
    source = nanos;
  }

  @Override
  public long nowNanos() {
    LongSupplier nanos = source;
    return nanos == null ? 0 : nanos.getAsLong();
  }

  @Override
  public Duration toScheduler(long modelNanos) {
    return Duration.ofNanos(modelNanos);
  }
}
