package org.bufferyard.actors.protocol;

import java.util.Comparator;

/**
 * The stamp of one submission, kept over all its retries: the older one wins. Model of the {@code
 * ww_acquire_ctx} stamp with wait-die order.
 *
 * <p>The kernel's stamps are one counter's, taken as each submission begins, so those that begin
 * together come in turn whoever makes them. Here many may begin at one instant of model time and
 * nobody counts for all: then the first that each device makes come before each one's second, and
 * devices come in the order of their numbers, up or down, as the instant tosses: of two devices
 * each is the older half of the time. No two are equal.
 *
 * @param stampNanos model time of the submission
 * @param turn how many its device had made before it at the same instant
 * @param sequence unique for the device; the upper half may tell apart who uses one device's number
 */
public record Ticket(long stampNanos, int turn, DeviceId device, long sequence)
    implements Comparable<Ticket> {
  private static final Comparator<Ticket> UP =
      Comparator.comparingInt((Ticket ticket) -> ticket.device().value())
          .thenComparingLong(ticket -> ticket.sequence() >>> Integer.SIZE);

  private static final long MIX_1 = 0x9E3779B97F4A7C15L;
  private static final long MIX_2 = 0xBF58476D1CE4E5B9L;

  /** Older than every other: for demands that belong to no submission. */
  public static final Ticket OLDEST = new Ticket(Long.MIN_VALUE, new DeviceId(-1), 0);

  /** The only one of its device at this instant. */
  public Ticket(long stampNanos, DeviceId device, long sequence) {
    this(stampNanos, 0, device, sequence);
  }

  /** Younger than every submission of the same instant: what nobody waits for. */
  public static Ticket youngestAt(long stampNanos, long sequence) {
    return new Ticket(stampNanos, Integer.MAX_VALUE, new DeviceId(Integer.MAX_VALUE), sequence);
  }

  @Override
  public int compareTo(Ticket other) {
    int order = Long.compare(stampNanos, other.stampNanos);
    if (order == 0) {
      order = Integer.compare(turn, other.turn);
    }
    if (order == 0) {
      order = upwards() ? UP.compare(this, other) : UP.compare(other, this);
    }
    return order == 0 ? Long.compare(sequence, other.sequence) : order;
  }

  /** What the instant tosses: the same in every run. */
  private boolean upwards() {
    long mixed = stampNanos * MIX_1;
    mixed = (mixed ^ (mixed >>> 30)) * MIX_2;
    return ((mixed ^ (mixed >>> 31)) & 1) == 0;
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
