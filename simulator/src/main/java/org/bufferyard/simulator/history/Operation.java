package org.bufferyard.simulator.history;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a client asked of a buffer, or that the buffer did by itself. Stamps are the run's
 * count of messages sent and taken up. Owned by its history.
 */
final class Operation {
  /** Of what has not happened. */
  static final long NEVER = Long.MAX_VALUE;

  /** Who asked; empty for what the buffer did. */
  final String who;

  /** What was asked or done, as its message. */
  final Object asked;

  /** When the client asked, and in model time. */
  final long invoked;

  final long invokedNanos;

  /** The answer as the client saw it, or as it was sent if it has not yet; null for none. */
  @Nullable Object reply;

  /** When the answer was sent: the order that is tried first. */
  long sent = NEVER;

  /** When the client took the answer up. */
  long answered = NEVER;

  long answeredNanos = -1;

  Operation(String who, Object asked, long invoked, long invokedNanos) {
    this.who = who;
    this.asked = asked;
    this.invoked = invoked;
    this.invokedNanos = invokedNanos;
  }

  /** Done by the buffer at one moment. */
  static Operation done(Object what, long at, long atNanos) {
    Operation operation = new Operation("", what, at, atNanos);
    operation.reply = what;
    operation.sent = at;
    operation.answered = at;
    operation.answeredNanos = atNanos;
    return operation;
  }

  /** The client has no answer: it may have happened, or may not have, at any time since. */
  boolean pending() {
    return reply == null;
  }

  String line() {
    String what = who.isEmpty() ? "itself " + asked : who + " asked " + asked;
    return "from "
        + invokedNanos
        + " ns"
        + (answeredNanos < 0 ? "" : " to " + answeredNanos + " ns")
        + ": "
        + what
        + (who.isEmpty() ? "" : reply == null ? ", no answer" : ", saw " + reply);
  }
}
