package org.bufferyard.actors.lease;

/**
 * The importer's notion of now, for those who take leases on other threads: a sweep old at most.
 */
final class LeaseClock {
  private volatile long nowNanos;

  LeaseClock(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** By the importer alone. */
  void set(long nanos) {
    nowNanos = nanos;
  }
}
