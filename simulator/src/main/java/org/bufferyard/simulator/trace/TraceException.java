package org.bufferyard.simulator.trace;

/**
 * What is wrong with a trace file, in one line: file, byte offset or line, field and value. Fails
 * the stream that reads the file; carries no stack trace, for the fault is in the file.
 */
public final class TraceException extends RuntimeException {
  private static final int ECHO_CHARS_MAX = 60;

  private TraceException(String message) {
    super(message, null, false, false);
  }

  static TraceException ofFile(String file, String reason) {
    return new TraceException(file + ": " + reason);
  }

  static TraceException atByte(String file, long offset, String field, Object value, String rule) {
    return new TraceException(file + ": byte " + offset + ": " + field + " " + value + ": " + rule);
  }

  static TraceException atLine(String file, long line, String field, String value, String rule) {
    return new TraceException(
        file + ": line " + line + ": " + field + " " + echo(value) + ": " + rule);
  }

  /** Input that may be of any length and content, made fit for one line of a terminal. */
  static String echo(String value) {
    StringBuilder safe = new StringBuilder("'");
    for (int i = 0; i < Math.min(ECHO_CHARS_MAX, value.length()); i++) {
      char c = value.charAt(i);
      safe.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return safe.append(value.length() > ECHO_CHARS_MAX ? "...'" : "'").toString();
  }
}
