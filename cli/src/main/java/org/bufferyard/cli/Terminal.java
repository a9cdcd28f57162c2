package org.bufferyard.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err faults and progress
 * @param interactive whether a person watches; a progress line is written only then
 * @param command what starts this program, as the user typed it
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, String command) {
  private static final int LINE_CHARS_MAX = 600;

  /** One line, whatever is in {@code message}: it may quote files and arguments. */
  void fault(String message) {
    String shown =
        message.length() > LINE_CHARS_MAX ? message.substring(0, LINE_CHARS_MAX) + "..." : message;
    err.println("bufferyard: " + oneLine(shown));
  }

  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean printable =
                  !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
              if (printable) {
                line.appendCodePoint(c);
              } else {
                line.append(String.format("\\u%04x", c));
              }
            });
    return line.toString();
  }
}
