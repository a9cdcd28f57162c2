package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;

/**
 * Where a reservation lives: in its buffer when it is private, in an actor of its own when several
 * buffers share it. Two are equal if they are the same reservation.
 */
public sealed interface ReservationRef {
  /** Sends a command of the reservation to whoever owns it. */
  void tell(Reservation.Command command);

  /** The owner: when it stops, the reservation is gone. */
  ActorRef<?> actor();

  record OfBuffer(ActorRef<Buffer.Command> actor) implements ReservationRef {
    @Override
    public void tell(Reservation.Command command) {
      actor.tell(new Buffer.ToReservation(command));
    }
  }

  record Shared(ActorRef<Reservation.Command> actor) implements ReservationRef {
    @Override
    public void tell(Reservation.Command command) {
      actor.tell(command);
    }
  }
}
