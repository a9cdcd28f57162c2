package org.bufferyard.actors.protocol;

import java.util.Comparator;

/**
 * The stamp of one submission, kept over all its retries: the older one wins. Model of the {@code
 * ww_acquire_ctx} stamp with wait-die order.
 *
 * <p>The kernel's stamps are one counter's, taken as each submission begins, so those that begin
 * together come in turn whoever makes them. Here many may begin at one instant of model time and
 * nobody counts for all: then the first that each device makes come before each one's second, and
 * which device comes first differs from instant to instant. No two are equal.
 *
 * @param stampNanos model time of the submission
 * @param turn how many its device had made before it at the same instant
 * @param sequence unique for the device; the upper half may tell apart who uses one device's number
 */
public record Ticket(long stampNanos, int turn, DeviceId device, long sequence)
    implements Comparable<Ticket> {
  private static final Comparator<Ticket> OLDEST_FIRST =
      Comparator.comparingLong(Ticket::stampNanos)
          .thenComparingInt(Ticket::turn)
          .thenComparingLong(Ticket::lot)
          .thenComparingInt(ticket -> ticket.device().value())
          .thenComparingLong(Ticket::sequence);

  private static final long MIX_STAMP = 0x9E3779B97F4A7C15L;
  private static final long MIX_DEVICE = 0xBF58476D1CE4E5B9L;
  private static final long MIX_LOT = 0x94D049BB133111EBL;

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

  /** Younger than every other: for what nobody asked for. */
  public static final Ticket YOUNGEST = new Ticket(Long.MAX_VALUE, new DeviceId(-1), 0);

  @Override
  public int compareTo(Ticket other) {
    return OLDEST_FIRST.compare(this, other);
  }

  /** What an instant draws for a device: the same in every run, and another at another instant. */
  private long lot() {
    long mixed =
        stampNanos * MIX_STAMP + device.value() + ((sequence >>> Integer.SIZE) << Byte.SIZE);
    mixed = (mixed ^ (mixed >>> 30)) * MIX_DEVICE;
    mixed = (mixed ^ (mixed >>> 27)) * MIX_LOT;
    return mixed ^ (mixed >>> 31);
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
