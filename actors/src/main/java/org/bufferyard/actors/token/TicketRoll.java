package org.bufferyard.actors.token;

import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Ticket;

/**
 * Makes the tickets of one device's submissions, in turn where several begin at one instant. Not
 * thread-safe; owned by the device's actor.
 */
public final class TicketRoll {
  private final DeviceId device;
  private long lastNanos = Long.MIN_VALUE;
  private int turn;

  public TicketRoll(DeviceId device) {
    this.device = device;
  }

  /**
   * The next one.
   *
   * @param sequence no two may have the same
   */
  public Ticket next(long nowNanos, long sequence) {
    turn = nowNanos == lastNanos ? turn + 1 : 0;
    lastNanos = nowNanos;
    return new Ticket(nowNanos, turn, device, sequence);
  }
}
