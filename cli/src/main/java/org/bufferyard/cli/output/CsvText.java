package org.bufferyard.cli.output;

/** Cells as RFC 4180 has them. */
final class CsvText {
  static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private CsvText() {}
}
