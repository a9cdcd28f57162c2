package org.bufferyard.testkit;

import akka.actor.ActorPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries each message from its sender to a mailbox. An honest one changes nothing; others lose,
 * double or replace messages, to test what becomes of a protocol whose parties break it.
 */
@FunctionalInterface
public interface Courier {
  /** Every message as it was sent: what Akka promises within one system. */
  Courier HONEST = (from, to, message) -> message;

  /** Stands for several messages in the place of one, delivered in this order. */
  record Several(List<Object> messages) {
    public Several {
      messages = List.copyOf(messages);
    }
  }

  /**
   * What to put into the mailbox of {@code to}: the message, another, {@link Several}, or null to
   * lose it. Called in the sender's step; it may tell other actors.
   *
   * @param from the actor that is running, null when a callback, a timer or the test sends
   */
  @Nullable Object carry(@Nullable ActorPath from, ActorPath to, Object message);
}
