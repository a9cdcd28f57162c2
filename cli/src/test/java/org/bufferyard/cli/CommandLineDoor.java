package org.bufferyard.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bufferyard.simulator.result.RunResult;

/** What one command line gives back: exit code, standard output, standard error. */
record CommandLineDoor(int code, String out, String err) {

  /** Runs the whole program; its commands here start no run. */
  static CommandLineDoor type(String... words) {
    return captured(terminal -> Bufferyard.execute(terminal, CommandLineDoor::noRun, words));
  }

  /** Runs {@code sgtable} with {@code input} as standard input. */
  static CommandLineDoor sgtable(InputStream input, String... words) {
    return captured(terminal -> new SgTableCommand(terminal, input).commandLine().execute(words));
  }

  private interface Body {
    int run(Terminal terminal);
  }

  private static CommandLineDoor captured(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            "bufferyard");
    int code = body.run(terminal);
    return new CommandLineDoor(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static RunResult noRun(RunPlan plan, Runner.Progress progress) {
    throw new AssertionError("no run was asked for");
  }
}
