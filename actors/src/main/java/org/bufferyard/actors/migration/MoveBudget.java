package org.bufferyard.actors.migration;

/**
 * A token bucket of bytes that bring-backs may move; it may go into debt once and then refuses
 * until paid. Model of {@code amdgpu_cs_get_threshold_for_moves}. Owned by migration.
 */
final class MoveBudget {
  /** Credit never exceeds what this much time earns. */
  private static final long CAP_NANOS = 200_000_000L;

  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private double creditBytes;
  private long atNanos;

  MoveBudget(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.creditBytes = cap();
  }

  /** Takes {@code bytes} if there is any credit at all. */
  boolean take(long bytes, long nowNanos) {
    creditBytes =
        Math.min(cap(), creditBytes + (nowNanos - atNanos) * bytesPerSecond / NANOS_PER_SECOND);
    atNanos = nowNanos;
    if (creditBytes <= 0) {
      return false;
    }
    creditBytes -= bytes;
    return true;
  }

  private double cap() {
    return CAP_NANOS * bytesPerSecond / NANOS_PER_SECOND;
  }
}
