package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;
import org.junit.jupiter.api.Test;

/**
 * Family SG: building a segment list from page frames, restated from the kernel's {@code
 * tools/testing/scatterlist/main.c}. Each case checks the number of entries and the sum of their
 * lengths, as the original does.
 */
class SgFromPagesTest {
  private static final long P = 4096;
  private static final long MAX = DmaConstraints.UINT_MAX;

  private final SgBuilder builder = new SgBuilder();

  @Test
  void SG01_maxSegmentBelowOnePage_refused() {
    assertThat(builder.start(0, DmaConstraints.NO_BOUNDARY)).isEqualTo(-Errno.EINVAL.number());
    assertThat(builder.refusal().errno()).isEqualTo(Errno.EINVAL);
    assertThat(builder.refusal().reason()).contains("maxSegmentBytes=0");
  }

  @Test
  void SG02_limitRoundsDownToOnePage() {
    expect(1, P, P + 1, 0);
  }

  @Test
  void SG03_onePage() {
    expect(1, P, MAX, 0);
    expect(1, P, MAX + 1, 0);
  }

  @Test
  void SG04_oneByte() {
    expect(1, 1, MAX, 0);
  }

  @Test
  void SG05_twoConsecutive() {
    expect(1, 2 * P, MAX, 0, 1);
  }

  @Test
  void SG06_twoReversed() {
    expect(2, 2 * P, MAX, 1, 0);
  }

  @Test
  void SG07_threeConsecutive() {
    expect(1, 3 * P, MAX, 0, 1, 2);
  }

  @Test
  void SG08_appendedRunExtendsTheLastEntry() {
    expectAppended(1, 3 * P, MAX, new long[] {0, 1, 2}, new long[] {3, 4, 5});
  }

  @Test
  void SG09_appendedAfterGap() {
    expectAppended(2, 3 * P, MAX, new long[] {0, 1, 2}, new long[] {4, 5, 6});
  }

  @Test
  void SG11_gapBeforeLast() {
    expect(2, 3 * P, MAX, 0, 1, 3);
  }

  @Test
  void SG12_gapBeforeLastFromOne() {
    expect(2, 3 * P, MAX, 1, 2, 4);
  }

  @Test
  void SG13_gapAfterFirst() {
    expect(2, 3 * P, MAX, 1, 3, 4);
  }

  @Test
  void SG14_gapInTheMiddle() {
    expect(2, 4 * P, MAX, 0, 1, 3, 4);
  }

  @Test
  void SG15_twoThenThree() {
    expect(2, 5 * P, MAX, 0, 1, 3, 4, 5);
  }

  @Test
  void SG17_fiveConsecutive() {
    expect(1, 5 * P, MAX, 0, 1, 2, 3, 4);
  }

  @Test
  void SG18_fiveCutAtTwo() {
    expect(3, 5 * P, 2 * P, 0, 1, 2, 3, 4);
    assertThat(builder.lengthBytes(0)).isEqualTo(2 * P);
    assertThat(builder.lengthBytes(1)).isEqualTo(2 * P);
    assertThat(builder.lengthBytes(2)).isEqualTo(P);
  }

  @Test
  void SG19_sixCutAtTwo() {
    expect(3, 6 * P, 2 * P, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void SG22_appendedRunExtendsTheSecondEntry() {
    expectAppended(
        2, 6 * P, 12 * P, new long[] {0, 1, 3, 4, 5, 6}, new long[] {7, 8, 9, 10, 11, 12});
    PhysicalSgList list = builder.physicalList();
    assertThat(list.pfn(1)).isEqualTo(3);
    assertThat(list.lengthBytes(1)).isEqualTo(10 * P);
  }

  private void expect(int entries, long size, long maxSegment, long... pfns) {
    assertThat(builder.start(maxSegment, DmaConstraints.NO_BOUNDARY)).isZero();
    assertThat(builder.append(pfns, 0, pfns.length, 0, size)).isEqualTo(entries);
    assertThat(builder.physicalList().origNents()).isEqualTo(entries);
    assertThat(builder.physicalList().totalBytes()).isEqualTo(size);
  }

  private void expectAppended(
      int entries, long sizeEach, long maxSegment, long[] first, long[] second) {
    assertThat(builder.start(maxSegment, DmaConstraints.NO_BOUNDARY)).isZero();
    assertThat(builder.append(first, 0, first.length, 0, sizeEach)).isPositive();
    assertThat(builder.append(second, 0, second.length, 0, sizeEach)).isEqualTo(entries);
    assertThat(builder.physicalList().totalBytes()).isEqualTo(2 * sizeEach);
  }
}
