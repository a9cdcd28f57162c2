package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.testkit.ConformanceTable;
import org.junit.jupiter.api.Test;

/** The tables under {@code conformance/} and the tests that prove them name the same cases. */
class ConformanceTablesTest {
  @Test
  void tables_andTestMethods_nameTheSameCases() {
    check("DBUF", DbufConformanceTest.class);
    check("DER", DerConformanceTest.class);
    check("DYN", DynConformanceTest.class);
    check("HEAP", HeapConformanceTest.class);
    check("SHM", ShmConformanceTest.class);
    check("MAP", MapConformanceTest.class);
  }

  private static void check(String family, Class<?>... tests) {
    assertThat(ConformanceTable.differences("/conformance/" + family + ".csv", family, tests))
        .isEmpty();
  }
}
