package org.bufferyard.cli.output;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text of maps, lists, strings, numbers, booleans and null. Letters that end a script element
 * or a JavaScript line are written as escapes, so that the text may stand in an HTML page as well.
 */
public final class Json {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  /** One member per line, two levels deep; what is deeper stays on its line. */
  public static String indented(Object value) {
    Json json = new Json();
    json.value(value, 0, 2);
    return json.out.append('\n').toString();
  }

  public static String compact(Object value) {
    Json json = new Json();
    json.value(value, 0, 0);
    return json.out.toString();
  }

  private void value(@Nullable Object value, int depth, int depthMax) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> map(map, depth, depthMax);
      case List<?> list -> list(list, depth, depthMax);
      case Double number -> number(number);
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      default -> string(value.toString());
    }
  }

  private void map(Map<?, ?> map, int depth, int depthMax) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      newLine(depth + 1, depthMax);
      string(String.valueOf(entry.getKey()));
      out.append(depth < depthMax ? ": " : ":");
      value(entry.getValue(), depth + 1, depthMax);
      out.append(entries.hasNext() ? "," : "");
    }
    close('}', map.isEmpty(), depth, depthMax);
  }

  private void list(List<?> list, int depth, int depthMax) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      newLine(depth + 1, depthMax);
      value(list.get(i), depth + 1, depthMax);
      out.append(i + 1 < list.size() ? "," : "");
    }
    close(']', list.isEmpty(), depth, depthMax);
  }

  private void newLine(int depth, int depthMax) {
    if (depth <= depthMax) {
      out.append('\n').append(INDENT.repeat(depth));
    }
  }

  private void close(char bracket, boolean empty, int depth, int depthMax) {
    if (!empty && depth < depthMax) {
      out.append('\n').append(INDENT.repeat(depth));
    }
    out.append(bracket);
  }

  /** JSON has no word for what is no number. */
  private void number(double number) {
    if (Double.isFinite(number)) {
      out.append(new BigDecimal(Double.toString(number)).toPlainString());
    } else {
      out.append("null");
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
      default -> {
        if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
          escape(c);
        } else {
          out.append(c);
        }
      }
    }
  }

  private void escape(char c) {
    out.append(String.format("\\u%04x", (int) c));
  }
}
