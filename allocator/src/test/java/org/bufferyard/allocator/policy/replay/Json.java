package org.bufferyard.allocator.policy.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the JSON of golden files: objects to maps in file order, arrays to lists, integers to
 * {@code Long}, other numbers to {@code Double}. No string escapes beyond the plain ones.
 */
final class Json {
  private static final Object NULL = new Object();

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String line) {
    return (Map<String, Object>) new Json(line).value();
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Map<String, Object> parent, String field) {
    return (Map<String, Object>) get(parent, field);
  }

  @SuppressWarnings("unchecked")
  static long[] longs(Map<String, Object> parent, String field) {
    return ((List<Object>) get(parent, field)).stream().mapToLong(v -> (Long) v).toArray();
  }

  static long number(Map<String, Object> parent, String field) {
    return (Long) get(parent, field);
  }

  /** Whether the field is JSON's null. */
  static boolean absent(Map<String, Object> parent, String field) {
    return get(parent, field).equals(NULL);
  }

  private static Object get(Map<String, Object> parent, String field) {
    return Objects.requireNonNull(parent.get(field), field);
  }

  private Object value() {
    skipBlanks();
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> map();
      case '[' -> list();
      case '"' -> string();
      case 'n' -> {
        at += 4;
        yield NULL;
      }
      default -> number();
    };
  }

  private Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    while (!closes('}')) {
      String key = string();
      skipBlanks();
      at++;
      map.put(key, value());
    }
    return map;
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    at++;
    while (!closes(']')) {
      list.add(value());
    }
    return list;
  }

  private boolean closes(char bracket) {
    skipBlanks();
    if (text.charAt(at) == ',') {
      at++;
      skipBlanks();
    }
    if (text.charAt(at) != bracket) {
      return false;
    }
    at++;
    return true;
  }

  private String string() {
    int end = text.indexOf('"', at + 1);
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
      return Long.valueOf(digits);
    }
    return Double.valueOf(digits);
  }

  private void skipBlanks() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
