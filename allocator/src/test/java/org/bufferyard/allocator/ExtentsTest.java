package org.bufferyard.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtentsTest {
  @Test
  void build_neighbouringRuns_areMergedAndTheBuilderIsEmptyAgain() {
    Extents.Builder builder = new Extents.Builder().add(4, 2).add(6, 1).add(9, 3);
    assertThat(builder.totalPages()).isEqualTo(6);
    Extents extents = builder.build();
    assertThat(extents.toString()).isEqualTo("[4+3 9+3]");
    assertThat(extents.contiguous()).isFalse();
    assertThat(extents.highestPfn()).isEqualTo(11);
    assertThat(extents.longestRun()).isEqualTo(3);
    assertThat(builder.totalPages()).isZero();
    assertThat(builder.build()).isSameAs(Extents.NONE);
  }

  @Test
  void equals_sameRuns_andNoOthers() {
    Extents two = new Extents.Builder().add(4, 2).add(9, 3).build();
    assertThat(two)
        .isEqualTo(new Extents.Builder().add(4, 1).add(5, 1).add(9, 3).build())
        .hasSameHashCodeAs(new Extents.Builder().add(4, 2).add(9, 3).build())
        .isNotEqualTo(new Extents.Builder().add(4, 2).add(9, 4).build())
        .isNotEqualTo(new Extents.Builder().add(4, 2).add(10, 3).build())
        .isNotEqualTo("[4+2 9+3]");
    assertThat(two.hashCode()).isNotEqualTo(Extents.of(4, 5).hashCode());
    assertThat(Extents.of(7, 1).contiguous()).isTrue();
    assertThat(Extents.NONE.contiguous()).isTrue();
  }

  @Test
  void add_outOfRange_isRefusedAndTheEdgeIsNot() {
    Extents.Builder builder = new Extents.Builder();
    assertThat(Extents.of(Long.MAX_VALUE - 1, 1).totalPages()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(Long.MAX_VALUE, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(0, 0));
    assertThat(builder.totalPages()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, 4095, 1, 4096",
    "5, 4096, 4095, 1, 4096",
    "-1, 4095, 4095, 1, 4096",
    "-1, 4294967296, 4095, 1, 4096",
    "-1, 4096, 0, 1, 4096",
    "-1, 4096, 2047, 1, 4096",
    "-1, 4096, 4096, 1, 4096",
    "-1, 4096, 4095, 0, 4096",
    "-1, 4096, 4095, 1, 2048",
    "-1, 4096, 4095, 1, 12288"
  })
  void constraints_noHardwareHas_areRefused(
      long mask, long segment, long boundary, int segments, long align) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DmaConstraints(mask, segment, boundary, segments, align));
    assertThat(new DmaConstraints(1, 4096, 4095, 1, 4096).maxSegments()).isEqualTo(1);
  }

  @Test
  void maskOfBits_12To64_andNoOther() {
    assertThat(DmaConstraints.maskOfBits(12)).isEqualTo(4095);
    assertThat(DmaConstraints.maskOfBits(63)).isEqualTo(Long.MAX_VALUE);
    assertThat(DmaConstraints.maskOfBits(64)).isEqualTo(-1);
    assertThatIllegalArgumentException().isThrownBy(() -> DmaConstraints.maskOfBits(11));
    assertThatIllegalArgumentException().isThrownBy(() -> DmaConstraints.maskOfBits(65));
  }
}
