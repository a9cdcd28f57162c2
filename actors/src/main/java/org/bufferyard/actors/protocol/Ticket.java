package org.bufferyard.actors.protocol;

import java.util.Comparator;

/**
 * The stamp of one submission, kept over all its retries: the older one wins. Model of the {@code
 * ww_acquire_ctx} stamp with wait-die order.
 *
 * @param stampNanos model time of the submission
 */
public record Ticket(long stampNanos, DeviceId device, long sequence)
    implements Comparable<Ticket> {
  private static final Comparator<Ticket> OLDEST_FIRST =
      Comparator.comparingLong(Ticket::stampNanos)
          .thenComparingInt(ticket -> ticket.device().value())
          .thenComparingLong(Ticket::sequence);

  /** Older than every other: for demands that belong to no submission. */
  public static final Ticket OLDEST = new Ticket(Long.MIN_VALUE, new DeviceId(-1), 0);

  /** Younger than every other: for what nobody asked for. */
  public static final Ticket YOUNGEST = new Ticket(Long.MAX_VALUE, new DeviceId(-1), 0);

  @Override
  public int compareTo(Ticket other) {
    return OLDEST_FIRST.compare(this, other);
  }

  /** Names the submission in refusals and in the wait-for graph. */
  @Override
  public String toString() {
    return equals(OLDEST)
        ? "ticket-oldest"
        : "ticket-" + device.value() + "." + sequence + "@" + stampNanos;
  }

  public boolean youngerThan(Ticket other) {
    return compareTo(other) > 0;
  }
}
