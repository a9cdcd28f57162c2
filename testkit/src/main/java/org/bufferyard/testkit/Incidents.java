package org.bufferyard.testkit;

import akka.actor.ActorPath;
import akka.actor.DeadLetter;
import akka.actor.Dropped;
import akka.actor.UnhandledMessage;
import akka.event.Logging;

/**
 * What a system with its loggers off would otherwise hide: lost messages, unhandled ones and
 * exceptions. Locked, because it runs in whatever thread publishes.
 */
final class Incidents {
  /** The prefix of log sources that are actors; their failures arrive as system messages. */
  private static final String ACTOR_SOURCE = "akka://";

  private final Tally<Letter> deadLetters = new Tally<>();
  private final Tally<Letter> unhandled = new Tally<>();
  private final Tally<Failure> failures = new Tally<>();

  synchronized Samples<Letter> deadLetters() {
    return deadLetters.samples();
  }

  synchronized Samples<Letter> unhandled() {
    return unhandled.samples();
  }

  synchronized Samples<Failure> failures() {
    return failures.samples();
  }

  synchronized void failed(String where, Throwable cause, long atNanos) {
    failures.add(new Failure(where, cause, atNanos));
  }

  /** Takes an event of one of the classes that {@link IncidentListener} subscribes to. */
  synchronized void published(Object event, long atNanos) {
    switch (event) {
      case DeadLetter dead ->
          deadLetters.add(letter(dead.message(), dead.recipient().path(), atNanos));
      case Dropped dropped ->
          deadLetters.add(letter(dropped.message(), dropped.recipient().path(), atNanos));
      case UnhandledMessage left ->
          unhandled.add(letter(left.message(), left.recipient().path(), atNanos));
      case Logging.Error error when !error.logSource().startsWith(ACTOR_SOURCE) ->
          failed(error.logSource(), error.cause(), atNanos);
      default -> {}
    }
  }

  private static Letter letter(Object message, ActorPath recipient, long atNanos) {
    return new Letter(message, Identity.pathOf(recipient), atNanos);
  }
}
