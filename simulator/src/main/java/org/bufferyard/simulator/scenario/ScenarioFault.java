package org.bufferyard.simulator.scenario;

/** One line that says what is wrong with a scenario; leaves this package as a refusal. */
final class ScenarioFault extends RuntimeException {
  private static final int ECHO_CHARS_MAX = 200;

  ScenarioFault(String message) {
    super(message, null, false, false);
  }

  static String echo(Object value) {
    return "'" + plain(String.valueOf(value)) + "'";
  }

  /** Input that may be of any length and content, made fit for one line of a terminal. */
  static String plain(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < Math.min(ECHO_CHARS_MAX, text.length()); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f;
      safe.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return safe.append(text.length() > ECHO_CHARS_MAX ? "..." : "").toString();
  }
}
