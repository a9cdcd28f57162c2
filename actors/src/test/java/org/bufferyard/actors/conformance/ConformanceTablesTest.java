package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.testkit.ConformanceTable;
import org.junit.jupiter.api.Test;

/** The tables under {@code conformance/} and the tests that prove them name the same cases. */
class ConformanceTablesTest {
  @Test
  void tables_andTestMethods_nameTheSameCases() {
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

  private static void check(String family, Class<?>... tests) {
    assertThat(ConformanceTable.differences("/conformance/" + family + ".csv", family, tests))
        .isEmpty();
  }
}
