package org.bufferyard.simulator.soak;

import org.bufferyard.allocator.Outcome;

/** What must not be refused in a test. */
final class CaseOf {
  static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private CaseOf() {}
}
