package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.iommu.PageTables.EADDRINUSE;
import static org.bufferyard.allocator.iommu.PageTables.ENOMEM;
import static org.bufferyard.allocator.iommu.PageTables.GIB;
import static org.bufferyard.allocator.iommu.PageTables.PLENTY;
import static org.bufferyard.allocator.iommu.PageTables.RW;
import static org.bufferyard.allocator.iommu.PageTables.WAYS;
import static org.bufferyard.allocator.iommu.PageTables.frames;
import static org.bufferyard.allocator.iommu.PageTables.state;

import org.bufferyard.allocator.iommu.PageTables.Way;
import org.junit.jupiter.api.Test;

/** Tables that are not there and pages that are: whatever is refused leaves all as it was. */
class PageTableRefusalsTest {
  /** Four leaf tables in two GiB, so two tables above them, besides the root. */
  @Test
  void map_tooFewTables_nothingChangesWhateverTheLimit() {
    for (Way way : WAYS) {
      for (int tables = 1; tables < 7; tables++) {
        PageTable table = new PageTable(39, tables);
        String before = state(table);
        assertThat(way.map(table, GIB - 700, 5, 1400)).isEqualTo(ENOMEM);
        assertThat(state(table)).isEqualTo(before);
        assertThat(table.map(5 * GIB, 3, 1, RW)).isEqualTo(tables < 3 ? ENOMEM : 0);
      }
      PageTable enough = new PageTable(39, 7);
      assertThat(way.map(enough, GIB - 700, 5, 1400)).isZero();
      assertThat(enough.tables()).isEqualTo(7);
      assertThat(way.map(enough, 0, 5, 1)).isEqualTo(ENOMEM);
      assertThat(enough.mappedPages()).isEqualTo(1400);
      assertThat(enough.unmap(GIB - 700, 1400)).isEqualTo(1400);
      assertThat(state(enough)).isEqualTo("1 tables, 0 pages");
    }
  }

  @Test
  void map_largeLeafWithoutATableForIt_isEnomem() {
    for (long pages : new long[] {512, 1024}) {
      PageTable table = new PageTable(39, 1);
      assertThat(table.map(512, 512, pages, RW)).isEqualTo(ENOMEM);
      assertThat(table.mapPfns(512, frames(512, (int) pages), 0, (int) pages, RW))
          .isEqualTo(ENOMEM);
      assertThat(state(table)).isEqualTo("1 tables, 0 pages");
      assertThat(table.map(GIB, GIB, GIB, RW)).isZero();
      assertThat(table.map(GIB + 512, 512, pages, RW)).isEqualTo(EADDRINUSE);
      assertThat(table.mapPfns(GIB + 512, frames(512, 512), 0, 512, RW)).isEqualTo(EADDRINUSE);
      assertThat(table.mapPfns(2 * GIB - 1, frames(512, 1), 0, 1, RW)).isEqualTo(EADDRINUSE);
    }
  }

  @Test
  void map_onePageInTheWay_nothingChangesWhereverItLies() {
    long start = GIB - 700;
    for (Way way : WAYS) {
      for (long inTheWay : new long[] {0, 1, 187, 188, 189, 699, 700, 1211, 1212, 1399}) {
        PageTable table = new PageTable(39, PLENTY);
        assertThat(table.map(start + inTheWay, 9, 1, RW)).isZero();
        String before = state(table);
        assertThat(way.map(table, start, 5, 1400)).isEqualTo(EADDRINUSE);
        assertThat(state(table)).isEqualTo(before);
      }
      PageTable beside = new PageTable(39, PLENTY);
      assertThat(beside.map(start - 1, 9, 1, RW)).isZero();
      assertThat(beside.map(start + 1400, 9, 1, RW)).isZero();
      assertThat(way.map(beside, start, 5, 1400)).isZero();
      assertThat(beside.translate(start - 1)).isEqualTo(9L << 12 | RW);
      assertThat(beside.translate(start + 1400)).isEqualTo(9L << 12 | RW);
    }
  }

  @Test
  void map_largeLeafInTheWay_isAddrInUseForEveryWay() {
    for (Way way : WAYS) {
      for (int pages : new int[] {1, 2, 600}) {
        PageTable table = new PageTable(39, PLENTY);
        assertThat(table.map(512, 512, 512, RW)).isZero();
        assertThat(table.map(GIB, GIB, GIB, RW)).isZero();
        String before = state(table);
        assertThat(way.map(table, 512 + 5, 3, pages)).isEqualTo(EADDRINUSE);
        assertThat(way.map(table, GIB + 5, 3, pages)).isEqualTo(EADDRINUSE);
        assertThat(way.map(table, 0, 3, 512 + pages)).isEqualTo(EADDRINUSE);
        assertThat(table.map(GIB, 3 * GIB, GIB, RW)).isEqualTo(EADDRINUSE);
        assertThat(table.map(0, 0, GIB, RW)).isEqualTo(EADDRINUSE);
        assertThat(table.map(0, 1024, 1024, RW)).isEqualTo(EADDRINUSE);
        assertThat(state(table)).isEqualTo(before);
      }
    }
  }
}
