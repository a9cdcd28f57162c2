package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.PageList;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

class SgTableQueryTest {
  @Test
  void run_defaults_runsBecomeSegmentsWithFrames() {
    SgTableQuery.Answer answer = answer(SgTableQuery.of(pages("1", "2", "4", "10-13")));
    assertThat(show(answer)).isEqualTo("4096+8192 16384+4096 40960+16384");
    assertThat(answer.pfn(2)).hasValue(10);
    assertThat(answer.iovaBytes()).isEmpty();
  }

  @Test
  void run_offsetWithoutALength_takesAllTheRest() {
    for (boolean iommu : new boolean[] {false, true}) {
      SgTable table =
          answer(query("0-4", 1 << 20, -1, 4608, OptionalLong.empty(), 64, iommu)).table();
      assertThat(table.totalBytes()).isEqualTo(5 * 4096 - 4608);
    }
  }

  @Test
  void run_limits_cutAtSegmentSizeAndBoundary() {
    assertThat(show(answer(query("0-4", 8192, -1, 0, OptionalLong.empty(), 64, false))))
        .isEqualTo("0+8192 8192+8192 16384+4096");
    assertThat(
            show(
                answer(query("14-19", 1 << 20, 0xFFFF, 0x200, OptionalLong.of(0x3100), 64, false))))
        .isEqualTo("57856+7680 65536+4864");
  }

  @Test
  void run_iommu_paddedToTheBoundary() {
    SgTableQuery.Answer answer =
        answer(
            query(
                "16-27 32-43", DmaConstraints.UINT_MAX, 0xFFFF, 0, OptionalLong.empty(), 32, true));
    SgTable table = answer.table();
    assertThat(table.nents()).isEqualTo(2);
    assertThat(table.address(1) - table.address(0)).isEqualTo(65536);
    assertThat(table.address(1)).isLessThan(1L << 32);
    assertThat(answer.iovaBytes()).hasValue(112 * 1024);
    assertThat(answer.pfn(0)).isEmpty();
  }

  @Test
  void run_iommu_elementLongerThanTheWindow_neverCrossesIt() {
    SgTable table =
        answer(query("1-40", DmaConstraints.UINT_MAX, 0xFFFF, 0, OptionalLong.empty(), 64, true))
            .table();
    assertThat(table.totalBytes()).isEqualTo(40 * 4096);
    assertThat(table.nents()).isEqualTo(3);
    assertThat(table.lengthBytes(0)).isEqualTo(16 * 4096);
    assertThat(table.lengthBytes(2)).isEqualTo(8 * 4096);
    for (int segment = 0; segment < table.nents(); segment++) {
      long last = table.address(segment) + table.lengthBytes(segment) - 1;
      assertThat((table.address(segment) ^ last) & ~0xFFFFL).isZero();
    }
  }

  /** Elements of six pages would leave holes of two before every window of four. */
  @Test
  void run_iommu_elementsOfOneAndAHalfWindows_areCutToTheWindow() {
    SgTableQuery.Answer answer =
        answer(query("0-11", 6 * 4096, 0x3FFF, 0, OptionalLong.empty(), 64, true));
    assertThat(answer.table().nents()).isEqualTo(3);
    assertThat(answer.iovaBytes()).hasValue(12 * 4096);
  }

  @Test
  void run_badInput_refusedWithTheValues() {
    assertThat(error("0", 4095, -1, 0, OptionalLong.empty(), 64)).contains("EINVAL", "4095");
    assertThat(error("0", -5, -1, 0, OptionalLong.empty(), 64)).contains("EINVAL", "-5");
    assertThat(error("0", 4096, 5000, 0, OptionalLong.empty(), 64)).contains("EINVAL", "5000");
    assertThat(error("0", 4096, 1023, 0, OptionalLong.empty(), 64)).contains("EINVAL", "1023");
    assertThat(error("0", 4096, -1, 4096, OptionalLong.empty(), 64)).contains("EINVAL", "4096");
    assertThat(error("0", 4096, -1, -1, OptionalLong.empty(), 64)).contains("EINVAL", "-1");
    assertThat(error("0", 4096, -1, 0, OptionalLong.of(0), 64)).contains("EINVAL", "length=0");
    assertThat(error("0", 4096, -1, 1, OptionalLong.of(4096), 64)).contains("EINVAL", "4096");
    assertThat(error("0", 4096, -1, 0, OptionalLong.empty(), 0)).contains("EINVAL", "bits=0");
    assertThat(error("0", 4096, -1, 0, OptionalLong.empty(), 65)).contains("EINVAL", "bits=65");
    assertThat(error("0", 4096, -1, 0, OptionalLong.empty(), 1)).contains("EIO");
    assertThat(error("3 1048576", 4096, -1, 0, OptionalLong.empty(), 32))
        .contains("EIO", "segment 1", "4294971391", "4294967295");
  }

  @Test
  void run_iommu_maskTooNarrow_refused() {
    Outcome<SgTableQuery.Answer> outcome =
        query("0-9", 1 << 20, -1, 0, OptionalLong.empty(), 15, true).run();
    assertThat(outcome.toString()).contains("ENOSPC");
  }

  @Test
  void parse_badWords_refusedByName() {
    for (String word :
        List.of("x", "-3", "5-", "-", "7-3", "1-2-3", "4503599627370496", "99999999999999999999")) {
      Outcome<Extents> outcome = PageList.parse(List.of("1", word));
      assertThat(outcome).as(word).isInstanceOf(Outcome.Refused.class);
      assertThat(outcome.toString()).contains("EINVAL", word);
    }
    assertThat(PageList.parse(List.of()).toString()).contains("EINVAL");
    assertThat(pages("4503599627370495").highestPfn()).isEqualTo((1L << 52) - 1);
  }

  private static SgTableQuery query(
      String words,
      long maxSegment,
      long boundary,
      long offset,
      OptionalLong length,
      int bits,
      boolean iommu) {
    return new SgTableQuery(
        pages(words.split(" ")), maxSegment, boundary, offset, length, bits, iommu);
  }

  private static String error(
      String words, long maxSegment, long boundary, long offset, OptionalLong length, int bits) {
    Outcome<SgTableQuery.Answer> outcome =
        query(words, maxSegment, boundary, offset, length, bits, false).run();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return outcome.toString();
  }

  private static Extents pages(String... words) {
    return ((Outcome.Done<Extents>) PageList.parse(List.of(words))).value();
  }

  private static SgTableQuery.Answer answer(SgTableQuery query) {
    Outcome<SgTableQuery.Answer> outcome = query.run();
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<SgTableQuery.Answer>) outcome).value();
  }

  private static String show(SgTableQuery.Answer answer) {
    SgTable table = answer.table();
    StringBuilder text = new StringBuilder();
    for (int segment = 0; segment < table.nents(); segment++) {
      text.append(segment == 0 ? "" : " ")
          .append(table.address(segment))
          .append('+')
          .append(table.lengthBytes(segment));
    }
    return text.toString();
  }
}
