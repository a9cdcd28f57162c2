package org.bufferyard.actors.protocol;

import akka.actor.typed.ActorRef;

/** A reservation that several buffers share, and the handle that opens it. */
public record SharedReservation(ActorRef<Reservation.Command> ref, Handle handle) {}
