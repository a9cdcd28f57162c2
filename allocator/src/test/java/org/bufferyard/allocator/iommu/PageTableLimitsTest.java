package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.allocator.iommu.PageTables.EADDRINUSE;
import static org.bufferyard.allocator.iommu.PageTables.EINVAL;
import static org.bufferyard.allocator.iommu.PageTables.ENOMEM;
import static org.bufferyard.allocator.iommu.PageTables.GIB;
import static org.bufferyard.allocator.iommu.PageTables.PLENTY;
import static org.bufferyard.allocator.iommu.PageTables.RW;
import static org.bufferyard.allocator.iommu.PageTables.WAYS;
import static org.bufferyard.allocator.iommu.PageTables.frames;
import static org.bufferyard.allocator.iommu.PageTables.leaves;
import static org.bufferyard.allocator.iommu.PageTables.runs;
import static org.bufferyard.allocator.iommu.PageTables.state;

import java.util.Arrays;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.iommu.PageTables.Way;
import org.junit.jupiter.api.Test;

/** Arguments and leaf sizes where each rule turns. */
class PageTableLimitsTest {
  @Test
  void constructor_widthAndTables_atTheirLimits() {
    assertThat(new PageTable(21, 1).spacePages()).isEqualTo(512);
    assertThat(new PageTable(57, 1).spacePages()).isEqualTo(1L << 45);
    for (int[] wrong : new int[][] {{20, 1}, {58, 1}, {39, 0}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PageTable(wrong[0], wrong[1]))
          .withMessage("addressBits=" + wrong[0] + ", tablesMax=" + wrong[1]);
    }
  }

  @Test
  void map_argumentsAtTheirLimits_andBeyond() {
    long space = 1L << 18;
    PageTable table = new PageTable(30, PLENTY);
    for (Way way : WAYS) {
      assertThat(way.map(table, space - 3, 7, 3)).isZero();
      assertThat(table.unmap(space - 3, 3)).isEqualTo(3);
      assertThat(way.map(table, 0, 7, 1)).isZero();
      assertThat(table.unmap(0, 1)).isOne();
      assertThat(way.map(table, space - 3, 7, 4)).isEqualTo(EINVAL);
      assertThat(way.map(table, -1, 7, 4)).isEqualTo(EINVAL);
      assertThat(way.map(table, Long.MAX_VALUE, 7, 4)).isEqualTo(EINVAL);
      assertThat(state(table)).isEqualTo("1 tables, 0 pages");
    }
    assertThat(table.map(0, 0, 0, RW)).isEqualTo(EINVAL);
    assertThat(table.map(0, 0, -1, RW)).isEqualTo(EINVAL);
    assertThat(table.map(0, 0, space + 1, RW)).isEqualTo(EINVAL);
    assertThat(table.map(0, 0, Long.MAX_VALUE, RW)).isEqualTo(EINVAL);
    assertThat(table.mapPfns(0, new long[1], 0, 0, RW)).isEqualTo(EINVAL);
    assertThat(table.mapExtents(0, Extents.NONE, RW)).isEqualTo(EINVAL);
    for (long access : new long[] {0, 4, 5, -1}) {
      assertThat(table.map(0, 0, 1, access)).isEqualTo(EINVAL);
      assertThat(table.mapPfns(0, new long[1], 0, 1, access)).isEqualTo(EINVAL);
      assertThat(table.mapExtents(0, Extents.of(0, 1), access)).isEqualTo(EINVAL);
    }
    assertThat(table.map(0, 0, space, RW)).isZero();
    assertThat(leaves(table)).containsExactly(0, 512, 0);
  }

  @Test
  void map_framesUpToTheLastWithAnAddress_andBeyond() {
    long last = PageTable.PFN_MAX;
    PageTable table = new PageTable(39, PLENTY);
    assertThat(table.map(0, last - 1, 2, PageTable.WRITE)).isZero();
    assertThat(table.translate(1)).isEqualTo(last << 12 | PageTable.WRITE);
    assertThat(table.map(2, last, 1, RW)).isZero();
    assertThat(table.mapExtents(3, Extents.of(last, 1), RW)).isZero();
    assertThat(table.mapPfns(4, new long[] {last, 0}, 0, 2, RW)).isZero();
    assertThat(table.mapPfns(6, new long[] {last}, 0, 1, RW)).isZero();
    String before = state(table);
    assertThat(table.map(10, last, 2, RW)).isEqualTo(EINVAL);
    assertThat(table.map(10, -1, 1, RW)).isEqualTo(EINVAL);
    assertThat(table.mapExtents(10, Extents.of(last, 2), RW)).isEqualTo(EINVAL);
    assertThat(table.mapPfns(10, new long[] {last + 1}, 0, 1, RW)).isEqualTo(EINVAL);
    assertThat(table.mapPfns(10, new long[] {-1}, 0, 1, RW)).isEqualTo(EINVAL);
    for (int count : new int[] {2, 23, 24, 512, 700}) {
      for (int odd : new int[] {0, count / 2, count - 1}) {
        long[] pfns = frames(512, count);
        pfns[odd] = last + 1;
        assertThat(table.mapPfns(512, pfns, 0, count, RW)).isEqualTo(EINVAL);
      }
    }
    assertThat(state(table)).isEqualTo(before);
  }

  @Test
  void map_leafSize_followsAlignmentAndLength() {
    long[][] cases = {
      {512, 512, 512, 0, 1, 0},
      {512, 512, 511, 511, 0, 0},
      {512, 512, 513, 1, 1, 0},
      {512, 1, 512, 512, 0, 0},
      {1, 512, 512, 512, 0, 0},
      {511, 1023, 513, 1, 1, 0},
      {511, 511, 1025, 1, 2, 0},
      {GIB, GIB, GIB, 0, 0, 1},
      {GIB, GIB, GIB - 1, 511, 511, 0},
      {GIB, GIB, GIB + 512, 0, 1, 1},
      {GIB, 512, GIB, 0, 512, 0},
      {512, GIB, GIB, 0, 512, 0},
      {GIB - 512, 3 * GIB - 512, 2 * GIB + 512, 0, 1, 2},
    };
    for (long[] one : cases) {
      PageTable table = new PageTable(39, PLENTY);
      assertThat(table.map(one[0], one[1], one[2], RW)).isZero();
      assertThat(leaves(table)).containsExactly((int) one[3], (int) one[4], (int) one[5]);
      for (long page : new long[] {0, 1, 511, 512, one[2] / 2, one[2] - 1}) {
        if (page < one[2]) {
          assertThat(table.translate(one[0] + page)).isEqualTo((one[1] + page) << 12 | RW);
        }
      }
      assertThat(table.translate(one[0] - 1)).isZero();
      assertThat(table.translate(one[0] + one[2])).isZero();
      assertThat(table.mappedPages()).isEqualTo(one[2]);
      assertThat(table.unmap(one[0], one[2])).isEqualTo(one[2]);
      assertThat(state(table)).isEqualTo("1 tables, 0 pages");
    }
  }

  @Test
  void map_spacesOfOneAndTwoLevels_haveTheirLargestLeaf() {
    PageTable one = new PageTable(21, 1);
    assertThat(one.map(0, 512, 512, RW)).isZero();
    assertThat(leaves(one)).containsExactly(512, 0, 0);
    assertThat(one.unmap(0, 512)).isEqualTo(512);
    assertThat(one.mapPfns(0, frames(512, 512), 0, 512, RW)).isZero();
    assertThat(leaves(one)).containsExactly(512, 0, 0);
    assertThat(one.tables()).isOne();
    PageTable two = new PageTable(22, 1);
    assertThat(two.mapPfns(512, frames(512, 512), 0, 512, RW)).isZero();
    assertThat(leaves(two)).containsExactly(0, 1, 0);
    assertThat(two.map(0, 512, 512, RW)).isZero();
    assertThat(two.unmap(0, 1024)).isEqualTo(1024);
    assertThat(two.map(0, 1, 1, RW)).isEqualTo(ENOMEM);
    PageTable five = new PageTable(57, PLENTY);
    assertThat(five.map(1L << 44, GIB, GIB, RW)).isZero();
    assertThat(leaves(five)).containsExactly(0, 0, 1);
    assertThat(five.tables()).isEqualTo(3);
  }

  @Test
  void mapPfns_alignedRunsOnly_becomeLargeLeaves() {
    PageTable table = new PageTable(39, PLENTY);
    long[] pfns = frames(1024, 1536);
    assertThat(table.mapPfns(512, pfns, 0, 1536, RW)).isZero();
    assertThat(leaves(table)).containsExactly(0, 3, 0);
    assertThat(table.unmap(512, 1536)).isEqualTo(1536);
    assertThat(table.mapPfns(511, pfns, 0, 1025, RW)).isZero();
    assertThat(leaves(table)).containsExactly(1025, 0, 0);
    assertThat(table.unmap(0, 2048)).isEqualTo(1025);
    assertThat(table.mapPfns(1024, pfns, 512, 513, RW)).isZero();
    assertThat(leaves(table)).containsExactly(1, 1, 0);
    assertThat(table.translate(1024)).isEqualTo(1536L << 12 | RW);
    assertThat(table.mapPfns(4096, pfns, 1, 512, RW)).isZero();
    assertThat(leaves(table)).containsExactly(513, 1, 0);
  }

  @Test
  void map_everyWayInASpaceOfOneTable() {
    for (Way way : WAYS) {
      PageTable table = new PageTable(21, 1);
      for (int pages : new int[] {1, 2, 40, 512}) {
        assertThat(way.map(table, 512 - pages, 9, pages)).isZero();
        assertThat(table.translate(512 - pages)).isEqualTo(9L << 12 | RW);
        assertThat(way.map(table, 511, 9, 1)).isEqualTo(EADDRINUSE);
        assertThat(table.unmap(512 - pages, pages, true)).isEqualTo(pages);
        assertThat(state(table)).isEqualTo("1 tables, 0 pages");
      }
    }
  }

  @Test
  void mapPfns_scatteredFrames_translateOneByOne() {
    for (int pages : new int[] {1, 2, 23, 24, 25, 512, 513, 1100}) {
      for (long iova : new long[] {0, 1, 500, 511, 512}) {
        long[] pfns = new long[pages + 2];
        Arrays.setAll(pfns, page -> 5L * page + 3);
        PageTable table = new PageTable(30, PLENTY);
        assertThat(table.mapPfns(iova, pfns, 1, pages, PageTable.WRITE)).isZero();
        for (int page = 0; page < pages; page++) {
          assertThat(table.translate(iova + page)).isEqualTo(pfns[page + 1] << 12 | 2);
        }
        assertThat(table.translate(iova + pages)).isZero();
        assertThat(table.mapPfns(iova + pages - 1, pfns, 0, 1, RW)).isEqualTo(EADDRINUSE);
        assertThat(table.unmap(0, GIB)).isEqualTo(pages);
      }
    }
  }

  @Test
  void mapExtents_runOfALargeLeaf_isOneAmongShortRuns() {
    Extents runs = new Extents.Builder().add(1024, 512).add(5000, 3).add(9, 1).build();
    PageTable table = new PageTable(39, PLENTY);
    assertThat(table.mapExtents(512, runs, RW)).isZero();
    assertThat(leaves(table)).containsExactly(4, 1, 0);
    Extents later = new Extents.Builder().add(9, 300).add(999, 212).add(2048, 600).build();
    assertThat(table.mapExtents(4096, later, RW)).isZero();
    assertThat(leaves(table)).containsExactly(4 + 512 + 88, 2, 0);
    assertThat(table.mapExtents(GIB + 1, later, RW)).isZero();
    assertThat(leaves(table)).containsExactly(4 + 512 + 88 + 1112, 2, 0);
  }

  @Test
  void mapExtents_runsOfEveryShape_landPageByPage() {
    for (int[] lengths :
        new int[][] {
          {1, 1, 1, 1},
          {4, 4, 4},
          {5, 4, 3, 2, 1},
          {1, 2, 3, 4, 5, 6},
          {9, 9, 9},
          {8, 8, 8},
          {30, 1, 1},
          {1, 1, 30},
          {511, 1, 1},
          {512, 3},
          {3, 512, 3},
          {509, 3, 512, 1},
          {100, 412, 100, 413},
          {1500, 1, 1500}
        }) {
      for (long iova : new long[] {512, 515, 1023 - lengths[0], 1024 - lengths[0] % 512, 1020}) {
        Extents.Builder runs = new Extents.Builder();
        long pfn = 1 << 13;
        for (int length : lengths) {
          runs.add(pfn, length);
          pfn += 2048;
        }
        PageTable table = new PageTable(30, PLENTY);
        long at = Math.max(1, iova);
        assertThat(table.mapExtents(at, runs.build(), PageTable.READ)).isZero();
        assertThat(table.translate(at - 1)).isZero();
        for (int run = 0; run < lengths.length; run++) {
          for (int page = 0; page < lengths[run]; page++) {
            long expected = ((1 << 13) + 2048L * run + page) << 12 | PageTable.READ;
            assertThat(table.translate(at++)).isEqualTo(expected);
          }
        }
        assertThat(table.translate(at)).isZero();
        assertThat(table.mappedPages()).isEqualTo(Arrays.stream(lengths).sum());
      }
    }
  }
}
