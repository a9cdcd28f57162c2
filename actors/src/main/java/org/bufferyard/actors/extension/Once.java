package org.bufferyard.actors.extension;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Consumer;

/** Hands one message on and ends. */
final class Once {
  static <T> Behavior<T> of(Consumer<T> taker) {
    return Behaviors.receiveMessage(
        message -> {
          taker.accept(message);
          return Behaviors.stopped();
        });
  }

  private Once() {}
}
