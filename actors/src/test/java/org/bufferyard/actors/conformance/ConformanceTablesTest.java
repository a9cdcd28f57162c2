package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The tables under {@code conformance/} and the tests that prove them name the same cases. */
class ConformanceTablesTest {

  @Test
  void tables_andTestMethods_nameTheSameCases() throws IOException {
    check("FEN", FenceConformanceTest.class);
    check("CHAIN", ChainConformanceTest.class);
    check("UNW", UnwrapConformanceTest.class);
    check("SYNC", TimelineConformanceTest.class);
    check("RESV", ReservationConformanceTest.class);
    check("WW", TokenConformanceTest.class);
    check("EXEC", TransactionConformanceTest.class);
    check("TBO", BufferObjectConformanceTest.class);
    check("TVAL", ValidateConformanceTest.class);
    check("TRES", ResourceConformanceTest.class);
    check("TTT", PagesConformanceTest.class);
    check("TDEV", YardConformanceTest.class);
    check("EVI", EvictConformanceTest.class);
  }

  private static void check(String family, Class<?> type) throws IOException {
    TreeSet<String> proved = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      if (isTest(method) && method.getName().startsWith(family)) {
        proved.add(method.getName().substring(0, method.getName().indexOf('_')));
      }
    }
    assertThat(idsInTable(family)).as(family).containsExactlyInAnyOrderElementsOf(proved);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class)
        || method.isAnnotationPresent(Seeded.class);
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
