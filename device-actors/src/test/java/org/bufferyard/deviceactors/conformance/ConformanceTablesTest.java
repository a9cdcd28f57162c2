package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The tables under {@code conformance/} and the tests that prove them name the same cases. */
class ConformanceTablesTest {
  @Test
  void tables_andTestMethods_nameTheSameCases() throws IOException {
    check("HEAP", HeapConformanceTest.class);
    check("SHM", ShmConformanceTest.class);
    check("MAP", MapConformanceTest.class);
  }

  private static void check(String family, Class<?> tests) throws IOException {
    TreeSet<String> proved = new TreeSet<>();
    for (Method method : tests.getDeclaredMethods()) {
      if (method.getName().startsWith(family)) {
        proved.add(method.getName().substring(0, method.getName().indexOf('_')));
      }
    }
    assertThat(idsInTable(family)).containsExactlyInAnyOrderElementsOf(proved);
  }

  private static List<String> idsInTable(String family) throws IOException {
    String path = "/conformance/" + family + ".csv";
    try (InputStream table =
        Objects.requireNonNull(ConformanceTablesTest.class.getResourceAsStream(path))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(',')))
          .toList();
    }
  }
}
