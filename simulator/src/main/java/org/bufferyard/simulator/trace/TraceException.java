package org.bufferyard.simulator.trace;

/**
 * What is wrong with a trace file, in one line: file, byte offset or line, field and value. Fails
 * the stream that reads the file; carries no stack trace, for the fault is in the file.
 */
public final class TraceException extends RuntimeException {
  private static final int ECHO_CHARS_MAX = 60;
  private static final int FILE_CHARS_MAX = 200;

  private TraceException(String message) {
    super(message, null, false, false);
  }

  /** A fault of the whole file, or with the place named in {@code reason}. */
  public static TraceException ofFile(String file, String reason) {
    return new TraceException(named(file) + ": " + reason);
  }

  /** A fault at a byte of the file, or of what it decodes to. */
  public static TraceException atByte(
      String file, long offset, String field, Object value, String rule) {
    return new TraceException(file + ": byte " + offset + ": " + field + " " + value + ": " + rule);
  }

  /** A fault at a line, from 1. */
  public static TraceException atLine(
      String file, long line, String field, String value, String rule) {
    return ofFile(file, "line " + line + ": " + field + " " + echo(value) + ": " + rule);
  }

  /** Input that may be of any length and content, made fit for one line of a terminal. */
  public static String echo(String value) {
    return "'" + plain(value, ECHO_CHARS_MAX) + "'";
  }

  private static String named(String file) {
    return plain(file, FILE_CHARS_MAX);
  }

  private static String plain(String text, int charsMax) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < Math.min(charsMax, text.length()); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) || c > 0x7e;
      plain.append(control ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return plain.append(text.length() > charsMax ? "..." : "").toString();
  }
}
