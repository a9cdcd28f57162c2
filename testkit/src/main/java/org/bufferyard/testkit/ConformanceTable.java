package org.bufferyard.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of cases that a project restates from elsewhere, a CSV file on the class path with the
 * case's id first in each row, and the test methods that prove them: {@code ID_condition_outcome}.
 */
public final class ConformanceTable {
  private ConformanceTable() {}

  /**
   * What table and tests do not have in common, in words: rows without a test, and tests of the
   * family without a row. Any annotated method is taken for a test.
   *
   * @param path of the table, as {@code /conformance/FAMILY.csv}
   * @throws IllegalArgumentException there is no such table
   */
  public static List<String> differences(String path, String family, Class<?>... tests) {
    List<String> rows = rows(path, tests[0]);
    List<String> unproved = new ArrayList<>(rows);
    List<String> differences = new ArrayList<>();
    for (Class<?> type : tests) {
      for (Method method : type.getDeclaredMethods()) {
        boolean isTest =
            method.getAnnotations().length > 0 && method.getName().matches(family + "[0-9a-z_].*");
        String row = isTest ? row(rows, method.getName()) : null;
        unproved.remove(row);
        if (isTest && row == null) {
          differences.add(family + " has no row for " + method.getName());
        }
      }
    }
    unproved.forEach(row -> differences.add(row + " has no test"));
    return differences;
  }

  private static @Nullable String row(List<String> rows, String method) {
    return rows.stream().filter(row -> method.startsWith(row + "_")).findFirst().orElse(null);
  }

  private static List<String> rows(String path, Class<?> anchor) {
    try (InputStream table = anchor.getResourceAsStream(path)) {
      if (table == null) {
        throw new IllegalArgumentException("no such table, path=" + path);
      }
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(',')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
