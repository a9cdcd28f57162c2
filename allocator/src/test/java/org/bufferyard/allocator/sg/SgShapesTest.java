package org.bufferyard.allocator.sg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** Shapes of list that make the builders change loop, each at every place of a step. */
class SgShapesTest {
  private static final long P = 4096;
  private static final int PAGES = 150;

  private final SgBuilder scalar = new SgBuilder();
  private final SgBuilder vector = SgBuilder.preferred();

  /** Frames that all stand alone. */
  private static long[] alone(int pages) {
    long[] pfns = new long[pages];
    for (int page = 0; page < pages; page++) {
      pfns[page] = 10L + 3L * (pages - page);
    }
    return pfns;
  }

  private static int append(SgBuilder builder, long[] pfns, long limit, long boundary) {
    builder.start(limit, boundary);
    return builder.append(pfns, 0, pfns.length, 0, pfns.length * P);
  }

  @Test
  void append_onePairAmongFramesAlone_isFoundWhereverItStands() {
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int pair = 1; pair < PAGES; pair++) {
        long[] pfns = alone(PAGES);
        pfns[pair] = pfns[pair - 1] + 1;
        assertThat(append(builder, pfns, DmaConstraints.UINT_MAX, -1)).isEqualTo(PAGES - 1);
        for (int segment = 0; segment < PAGES - 1; segment++) {
          int page = segment < pair ? segment : segment + 1;
          assertThat(builder.address(segment)).isEqualTo(pfns[page] * P);
          assertThat(builder.lengthBytes(segment)).isEqualTo(segment == pair - 1 ? 2 * P : P);
        }
      }
    }
  }

  @Test
  void append_oneFrameOutOfRange_isNamedWhereverItStands() {
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int run : new int[] {1, 2, 40}) {
        for (int bad = 0; bad < PAGES; bad++) {
          long[] pfns = runs(PAGES, run);
          pfns[bad] = 1L << 52;
          assertThat(append(builder, pfns, DmaConstraints.UINT_MAX, -1)).isEqualTo(-22);
          assertThat(builder.refusal().reason()).contains("page=" + bad + ", pfn=" + (1L << 52));
          assertThat(builder.nents()).isZero();
        }
      }
    }
  }

  private static long[] runs(int pages, int each) {
    long[] pfns = new long[pages];
    for (int page = 0; page < pages; page++) {
      pfns[page] = 1000L + page + page / each;
    }
    return pfns;
  }

  /** The widest addresses of a list decide, whether its frames are in runs or alone. */
  @Test
  void finish_oneFrameAboveTheMask_isRefusedWhereverItStands() {
    DmaConstraints low = DmaConstraints.UNLIMITED.withDmaMask(DmaConstraints.maskOfBits(32));
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int run : new int[] {1, 2, 3, 40}) {
        for (int pages : new int[] {1, 2, 3, 4, 5, 24, 25, 90}) {
          for (int high = -1; high < pages; high++) {
            long[] pfns = runs(pages, run);
            if (high >= 0) {
              pfns[high] = 1L << 20;
            }
            int nents = append(builder, pfns, DmaConstraints.UINT_MAX, -1);
            assertThat(nents).isPositive();
            assertThat(builder.finish(low)).isEqualTo(high < 0 ? nents : -5);
            Extents.Builder extents = new Extents.Builder();
            for (long pfn : pfns) {
              extents.add(pfn, 1);
            }
            builder.start(DmaConstraints.UINT_MAX, -1);
            builder.append(extents.build(), 0, pages * P);
            assertThat(builder.finish(low)).isEqualTo(high < 0 ? nents : -5);
          }
        }
      }
    }
  }

  @Test
  void append_runAcrossABoundary_isCutWhereverTheBoundaryLies() {
    for (SgBuilder builder : List.of(scalar, vector)) {
      for (int pages : new int[] {2, 3, 4, 5, 9, 17, 33, 70}) {
        for (long first = 0; first < 16; first++) {
          long[] pfns = new long[pages];
          for (int page = 0; page < pages; page++) {
            pfns[page] = 64 + first + page;
          }
          long windows = (first + pages - 1) / 16 + 1;
          assertThat(append(builder, pfns, DmaConstraints.UINT_MAX, 16 * P - 1)).isEqualTo(windows);
          Extents run = Extents.of(pfns[0], pages);
          builder.start(DmaConstraints.UINT_MAX, 16 * P - 1);
          assertThat(builder.append(run, 0, pages * P)).isEqualTo(windows);
          assertThat(builder.address(0)).isEqualTo(pfns[0] * P);
          assertThat(builder.lengthBytes(0)).isEqualTo(Math.min(pages, 16 - first) * P);
        }
      }
    }
  }

  /** What the IOMMU's mapper does with a builder. */
  @Test
  void single_lengthenAndRelocate_moveAndGrowTheList() {
    scalar.start(DmaConstraints.UINT_MAX, -1);
    scalar.append(alone(40), 0, 40, 0, 40 * P);
    scalar.single(3 * P, 2 * P);
    assertThat(scalar.nents()).isOne();
    assertThat(scalar.address(0)).isEqualTo(3 * P);
    assertThat(scalar.lengthBytes(0)).isEqualTo(2 * P);
    assertThat(scalar.finish(mask(5 * P - 1))).isOne();
    assertThat(scalar.finish(mask(4 * P - 1))).isEqualTo(-5);

    scalar.start(DmaConstraints.UINT_MAX, -1);
    scalar.appendSeparate(0, P);
    scalar.appendSeparate(P, P);
    scalar.lengthenLast(2 * P);
    assertThat(scalar.nents()).isEqualTo(2);
    assertThat(scalar.lengthBytes(0)).isEqualTo(P);
    assertThat(scalar.lengthBytes(1)).isEqualTo(3 * P);
    assertThat(scalar.finish(mask(4 * P - 1))).isEqualTo(2);
    assertThat(scalar.finish(mask(2 * P - 1))).isEqualTo(-5);
    scalar.relocate(1L << 32);
    assertThat(scalar.address(0)).isEqualTo(1L << 32);
    assertThat(scalar.address(1)).isEqualTo((1L << 32) + P);
    assertThat(scalar.finish(mask((1L << 33) - 1))).isEqualTo(2);
    assertThat(scalar.finish(mask((1L << 32) - 1))).isEqualTo(-5);
  }

  private static DmaConstraints mask(long last) {
    return DmaConstraints.UNLIMITED.withDmaMask(Long.highestOneBit(last) * 2 - 1);
  }

  @Test
  void appendRange_longerThanLimitAndWindow_isCutByBoth() {
    for (long[] limits :
        new long[][] {{3 * P, -1}, {P, -1}, {10 * P, 4 * P - 1}, {3 * P, 4 * P - 1}}) {
      for (long first = 0; first < 5; first++) {
        for (int pages = 1; pages < 30; pages++) {
          scalar.start(limits[0], limits[1]);
          scalar.appendRange(first * P, pages * P);
          vector.start(limits[0], limits[1]);
          vector.append(Extents.of(first, pages), 0, pages * P);
          assertThat(scalar.table()).isEqualTo(vector.table());
        }
      }
    }
  }

  @Test
  void table_equality_isOfAllSegments() {
    SgTable table = tableOf(1, 3, 5);
    assertThat(table).isEqualTo(tableOf(1, 3, 5)).isNotEqualTo("text");
    assertThat(table).hasSameHashCodeAs(tableOf(1, 3, 5));
    for (SgTable other :
        List.of(tableOf(1, 3), tableOf(1, 3, 6), tableOf(1, 3, 4), tableOf(5, 3, 1))) {
      assertThat(table).isNotEqualTo(other);
      assertThat(table.hashCode()).isNotEqualTo(other.hashCode());
    }
    assertThat(table).hasToString("SgTable[nents=3: 0x1000+4096, 0x3000+4096, 0x5000+4096]");
    assertThat(tableOf(1, 3, 5, 7).toString()).endsWith(", 0x7000+4096]");
    assertThat(tableOf(1, 3, 5, 7, 9).toString()).endsWith(", 0x7000+4096, ...]");
    assertThatThrownBy(() -> table.address(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> table.lengthBytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(table.totalBytes()).isEqualTo(3 * P);
  }

  @Test
  void physicalList_ofElements_takesEachLengthAndRefusesOthers() {
    PhysicalSgList list = PhysicalSgList.of(0x1200, 0x600, 7 * P, 0xFFFF_FFFFL);
    assertThat(list.origNents()).isEqualTo(2);
    assertThat(list.pfn(0)).isEqualTo(1);
    assertThat(list.offsetBytes(0)).isEqualTo(0x200);
    assertThat(list.lengthBytes(0)).isEqualTo(0x600);
    assertThat(list.pfn(1)).isEqualTo(7);
    assertThat(list.lengthBytes(1)).isEqualTo(0xFFFF_FFFFL);
    assertThat(PhysicalSgList.of(P, 1).lengthBytes(0)).isOne();
    assertThatThrownBy(() -> PhysicalSgList.of(P, 1, P)).hasMessageContaining("values=3");
    for (long bad : new long[] {0, -1, 1L << 32}) {
      assertThatThrownBy(() -> PhysicalSgList.of(P, 1, P, bad))
          .hasMessage("element=1, lengthBytes=" + bad);
    }
  }

  private SgTable tableOf(long... pfns) {
    append(scalar, pfns, DmaConstraints.UINT_MAX, -1);
    return scalar.table();
  }
}
