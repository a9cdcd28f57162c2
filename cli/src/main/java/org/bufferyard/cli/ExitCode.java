package org.bufferyard.cli;

/** How a command ends. */
final class ExitCode {
  static final int CLEAN = 0;

  /** A rule did not hold, or the program itself failed. */
  static final int VIOLATED = 1;

  /** Bad usage or input. */
  static final int BAD_INPUT = 2;

  private ExitCode() {}
}
