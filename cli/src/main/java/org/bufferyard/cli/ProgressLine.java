package org.bufferyard.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line on a terminal, rewritten in place and gone when the work ends; none elsewhere. */
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
      bar(
          totalSeconds > 0 ? virtualSeconds / totalSeconds : 0,
          String.format(Locale.ROOT, "%.1f of %.1f s", virtualSeconds, totalSeconds));
    }
  }

  /** {@code done} of {@code total} of some work; may be called from any thread. */
  void show(String what, long done, long total) {
    if (interactive) {
      double share = total > 0 ? Math.clamp((double) done / total, 0, 1) : 0;
      bar(share, String.format(Locale.ROOT, "%.0f %% %s", 100 * share, Terminal.oneLine(what)));
    }
  }

  private synchronized void bar(double share, String text) {
    int done = (int) (Math.clamp(share, 0, 1) * WIDTH);
    err.print(CLEAR + "[" + "#".repeat(done) + " ".repeat(WIDTH - done) + "] " + text);
    err.flush();
  }

  @Override
  public void close() {
    if (interactive) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
