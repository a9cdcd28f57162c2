package org.bufferyard.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line on a terminal, rewritten in place and gone when the run ends; none elsewhere. */
final class ProgressLine implements Runner.Progress, AutoCloseable {
  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\033[K";

  private final PrintStream err;
  private final boolean interactive;

  ProgressLine(Terminal terminal) {
    this.err = terminal.err();
    this.interactive = terminal.interactive();
  }

  @Override
  public void at(double virtualSeconds, double totalSeconds) {
    if (interactive) {
      double share = totalSeconds > 0 ? Math.clamp(virtualSeconds / totalSeconds, 0, 1) : 0;
      int done = (int) (share * WIDTH);
      err.print(
          CLEAR
              + "["
              + "#".repeat(done)
              + " ".repeat(WIDTH - done)
              + String.format(Locale.ROOT, "] %.1f of %.1f s", virtualSeconds, totalSeconds));
      err.flush();
    }
  }

  @Override
  public void close() {
    if (interactive) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
