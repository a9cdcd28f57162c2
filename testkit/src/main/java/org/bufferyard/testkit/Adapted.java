package org.bufferyard.testkit;

import akka.actor.typed.internal.AdaptMessage;
import akka.actor.typed.internal.AdaptWithRegisteredMessageAdapter;
import akka.dispatch.Envelope;

/** Looks through the wrapping that Akka puts around a message for a typed message adapter. */
final class Adapted {
  static Object inner(Object message) {
    return switch (message) {
      case AdaptWithRegisteredMessageAdapter<?> adapted -> adapted.msg();
      case AdaptMessage<?, ?> adapted -> adapted.message();
      default -> message;
    };
  }

  /** The envelope with another message, wrapped as the old one was. */
  static Envelope with(Envelope envelope, Object message) {
    Object wrapped =
        switch (envelope.message()) {
          case AdaptWithRegisteredMessageAdapter<?> old ->
              new AdaptWithRegisteredMessageAdapter<>(message);
          case AdaptMessage<?, ?> old -> rewrapped(old, message);
          default -> message;
        };
    return envelope.copy(wrapped, envelope.sender());
  }

  @SuppressWarnings("unchecked") // the courier answers for the type of what it puts in
  private static <U, T> AdaptMessage<U, T> rewrapped(AdaptMessage<U, T> old, Object message) {
    return new AdaptMessage<>((U) message, old.adapter());
  }

  private Adapted() {}
}
