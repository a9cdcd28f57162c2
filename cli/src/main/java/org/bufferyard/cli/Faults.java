package org.bufferyard.cli;

import java.util.ServiceConfigurationError;
import org.bufferyard.simulator.trace.TraceException;

/** Turns what a command throws into one line and an exit code: a stack trace helps no user. */
final class Faults {
  private static final String OURS = "org.bufferyard.";

  static int report(Terminal terminal, Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInput || cause instanceof TraceException) {
        terminal.fault(String.valueOf(cause.getMessage()));
        return ExitCode.BAD_INPUT;
      }
      if (cause instanceof ServiceConfigurationError) {
        terminal.fault("a policy on the class path cannot be used: " + cause.getMessage());
        return ExitCode.BAD_INPUT;
      }
      if (cause instanceof OutOfMemoryError) {
        terminal.fault(
            "out of memory (heap "
                + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB): "
                + cause.getMessage()
                + "; smaller regions, --contents tags or a shorter trace need less");
        return ExitCode.BAD_INPUT;
      }
    }
    terminal.fault("internal error: " + describe(fault));
    return ExitCode.VIOLATED;
  }

  static int outputLost(Terminal terminal) {
    terminal.fault("standard output cannot be written");
    return ExitCode.BAD_INPUT;
  }

  /** The root cause and where in our code it surfaced. */
  private static String describe(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    for (StackTraceElement frame : root.getStackTrace()) {
      if (frame.getClassName().startsWith(OURS)) {
        return root + " at " + frame;
      }
    }
    return root.toString();
  }

  private Faults() {}
}
