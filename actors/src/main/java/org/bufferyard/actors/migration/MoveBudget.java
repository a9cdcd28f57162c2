package org.bufferyard.actors.migration;

import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Pages;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes bring-backs may move: over time, as a token bucket that may go into debt once and
 * then refuses until paid, or in each submission. Constants are those of amdgpu and radeon. Not
 * thread-safe; owned by migration.
 */
final class MoveBudget {
  /** Credit never exceeds what this much time earns. */
  private static final long CAP_NANOS = 200_000_000L;

  /** So much free room is plenty, however large the region. */
  private static final long PLENTY_BYTES = 128L << 20;

  /** The bucket may be in debt. */
  private static final double NO_LEAST = Double.NEGATIVE_INFINITY;

  private static final long MIB = 1L << 20;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final Management management;
  private final long capacityBytes;
  private double creditBytes;
  private long atNanos;

  /** Whose bring-backs were counted last: a submission asks for all of its own in a row. */
  private @Nullable Ticket submission;

  private long submissionBytes;

  /**
   * A full bucket.
   *
   * @param capacityPages of the first region
   */
  MoveBudget(YardSettings settings, long capacityPages) {
    this.bytesPerSecond = settings.moveBudgetBytesPerSecond();
    this.management = settings.management();
    this.capacityBytes = Pages.toBytes(capacityPages);
    this.creditBytes = cap();
  }

  /**
   * Takes {@code bytes} for a submission if there is any credit at all.
   *
   * @param freePages of the first region
   */
  boolean take(long bytes, Ticket ticket, long freePages, long nowNanos) {
    long freeBytes = Pages.toBytes(freePages);
    return switch (management.limit()) {
      case RATE -> takeFromBucket(bytes, nowNanos, NO_LEAST);
      case AMDGPU ->
          takeFromBucket(bytes, nowNanos, plenty(freeBytes) ? freeBytes / 4.0 : NO_LEAST);
      case RADEON -> takeInSubmission(bytes, ticket, radeonThreshold(freeBytes));
      case SUBMISSION -> takeInSubmission(bytes, ticket, management.submissionBytes());
    };
  }

  private boolean plenty(long freeBytes) {
    return freeBytes >= PLENTY_BYTES || freeBytes >= capacityBytes / 8;
  }

  private boolean takeFromBucket(long bytes, long nowNanos, double atLeast) {
    double earned = (nowNanos - atNanos) * bytesPerSecond / NANOS_PER_SECOND;
    creditBytes = Math.max(Math.min(cap(), creditBytes + earned), atLeast);
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

  private long radeonThreshold(long freeBytes) {
    long halfFree = capacityBytes / 2 - (capacityBytes - freeBytes);
    return Math.max(MIB, halfFree / 2);
  }

  private boolean takeInSubmission(long bytes, Ticket ticket, long thresholdBytes) {
    if (!ticket.equals(submission)) {
      submission = ticket;
      submissionBytes = 0;
    }
    if (submissionBytes >= thresholdBytes) {
      return false;
    }
    submissionBytes += bytes;
    return true;
  }
}
