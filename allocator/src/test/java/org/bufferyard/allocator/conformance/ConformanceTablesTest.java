package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The tables under {@code conformance/} and the tests that prove them name the same cases. */
class ConformanceTablesTest {

  @Test
  void tables_andTestMethods_nameTheSameCases() throws IOException {
    check("BUD", BuddyConformanceTest.class, BuddyClearConformanceTest.class);
    check("MM", RangeConformanceTest.class, RangeEvictConformanceTest.class);
    check("REG", RegionConformanceTest.class);
    check("TPOOL", PoolConformanceTest.class);
    check("SG", SgFromPagesTest.class);
    check("SGX", SgIterationTest.class);
    check("SGI", IommuMergeTest.class);
    check("IOVA", IommuMergeTest.class);
    check("PT", PageTableTest.class);
  }

  private static void check(String family, Class<?>... classes) throws IOException {
    TreeSet<String> proved = new TreeSet<>();
    for (Class<?> type : classes) {
      for (Method method : type.getDeclaredMethods()) {
        if (isTest(method) && method.getName().startsWith(family)) {
          proved.add(caseId(method.getName(), family));
        }
      }
    }
    assertThat(idsInTable(family)).containsExactlyInAnyOrderElementsOf(proved);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  /** Numbered families by number, REG by its first word. */
  private static String caseId(String name, String family) {
    List<String> words = List.of(name.split("_"));
    return family.equals("REG") ? words.get(0) + "_" + words.get(1) : words.getFirst();
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
