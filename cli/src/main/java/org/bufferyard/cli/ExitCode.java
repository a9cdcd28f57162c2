package org.bufferyard.cli;

import org.bufferyard.simulator.run.Trial;

/** How a command ends. */
final class ExitCode {
  static final int CLEAN = 0;

  /** A rule did not hold, or the program itself failed. */
  static final int VIOLATED = 1;

  /** Bad usage or input. */
  static final int BAD_INPUT = 2;

  /** Everything went right, but not to its end. */
  static final int STUCK = 3;

  /** The same seed ran twice and differed. */
  static final int NONDETERMINISTIC = 4;

  /** An actor failed. */
  static final int CRASHED = 5;

  static int of(Trial.Verdict verdict) {
    return switch (verdict) {
      case CLEAN -> CLEAN;
      case CORRECTNESS -> VIOLATED;
      case LIVENESS -> STUCK;
      case CRASH -> CRASHED;
    };
  }

  private ExitCode() {}
}
