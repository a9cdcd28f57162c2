package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConformanceTableTest {
  @SuppressWarnings("unused") // found by their names
  private static final class Proofs {
    @Deprecated
    void ROW1_one_works() {}

    @Deprecated
    void ROW3_three_works() {}

    void ROW4_noTest() {}

    @Deprecated
    void ROWING_ofAnotherFamily() {}
  }

  @Test
  void differences_rowWithoutTestAndTestWithoutRow_named() {
    assertThat(ConformanceTable.differences("/tables/ROW.csv", "ROW", Proofs.class))
        .containsExactly("ROW has no row for ROW3_three_works", "ROW10 has no test");
  }

  @Test
  void differences_noSuchTable_refused() {
    assertThatThrownBy(() -> ConformanceTable.differences("/tables/NONE.csv", "NONE", Proofs.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/tables/NONE.csv");
  }
}
