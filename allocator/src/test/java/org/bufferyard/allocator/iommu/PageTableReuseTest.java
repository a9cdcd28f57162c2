package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.iommu.PageTables.ENOMEM;
import static org.bufferyard.allocator.iommu.PageTables.GIB;
import static org.bufferyard.allocator.iommu.PageTables.PLENTY;
import static org.bufferyard.allocator.iommu.PageTables.RW;
import static org.bufferyard.allocator.iommu.PageTables.state;

import org.junit.jupiter.api.Test;

/** Unmapping, and tables that serve again at another place or level. */
class PageTableReuseTest {
  /** The table stays for the next map of its place, with old entries that must not translate. */
  @Test
  void map_otherPartOfAnEmptiedTable_translatesNothingOld() {
    int[][] parts = {{0, 1}, {0, 5}, {3, 2}, {4, 9}, {12, 1}, {0, 20}, {2, 3}, {19, 1}};
    for (int[] old : parts) {
      for (int[] fresh : parts) {
        for (boolean looksInBetween : new boolean[] {false, true}) {
          PageTable table = new PageTable(30, PLENTY);
          assertThat(table.map(512 + old[0], 7, old[1], RW)).isZero();
          assertThat(table.unmap(512 + old[0], old[1])).isEqualTo(old[1]);
          assertThat(looksInBetween ? table.unmap(512 + 30, 3) : 0).isZero();
          assertThat(table.map(512 + fresh[0], 9, fresh[1], RW)).isZero();
          for (int page = 0; page < 40; page++) {
            boolean mapped = page >= fresh[0] && page < fresh[0] + fresh[1];
            assertThat(table.translate(512 + page) != 0).isEqualTo(mapped);
          }
        }
      }
    }
  }

  /** 2 MiB leaves on both sides of a table's end, a table of pages, a hole. */
  @Test
  void unmap_rowOfLargeLeaves_goesAsFarAsAskedAndNoFurther() {
    for (int from = 0; from < 8; from++) {
      for (int to = from + 1; to <= 8; to++) {
        PageTable table = new PageTable(39, PLENTY);
        long start = GIB - 4 * 512;
        long expected = 0;
        for (int granule = 0; granule < 8; granule++) {
          long pages = granule == 2 ? 3 : granule == 6 ? 0 : 512;
          if (pages > 0) {
            assertThat(table.map(start + granule * 512L, 512L * granule, pages, RW)).isZero();
          }
          expected += granule >= from && granule < to ? pages : 0;
        }
        long before = table.mappedPages();
        // Begins and ends inside leaves, where there are some, but takes the pages whole.
        long first = start + from * 512L;
        long last = start + to * 512L;
        assertThat(table.unmap(first, last - first)).isEqualTo(expected);
        assertThat(table.mappedPages()).isEqualTo(before - expected);
        for (int granule = 0; granule < 8; granule++) {
          boolean there = granule != 6 && (granule < from || granule >= to);
          assertThat(table.translate(start + granule * 512L) != 0).isEqualTo(there);
        }
        table.unmap(start, 8 * 512);
        assertThat(state(table)).isEqualTo("1 tables, 0 pages");
      }
    }
  }

  @Test
  void unmap_pieceOfLargeLeaves_removesEachThatIsTouched() {
    PageTable table = new PageTable(39, PLENTY);
    assertThat(table.map(0, 512, 2048, RW)).isZero();
    assertThat(table.unmap(512 + 511, 1)).isEqualTo(512);
    assertThat(table.translate(511)).isNotZero();
    assertThat(table.translate(1024)).isNotZero();
    assertThat(table.unmap(1024 + 511, 2)).isEqualTo(1024);
    assertThat(table.unmap(0, 512)).isEqualTo(512);
    assertThat(state(table)).isEqualTo("1 tables, 0 pages");
  }

  @Test
  void unmap_outsideTheSpaceOrNothing_isZeroAndClipped() {
    PageTable table = new PageTable(30, PLENTY);
    assertThat(table.map(0, 5, 3, RW)).isZero();
    assertThat(table.map(GIB - 3, 5, 3, RW)).isZero();
    assertThat(table.unmap(GIB, 5)).isZero();
    assertThat(table.unmap(-5, 5)).isZero();
    assertThat(table.unmap(GIB - 3, 0)).isZero();
    assertThat(table.unmap(GIB - 3, -1)).isZero();
    assertThat(table.mappedPages()).isEqualTo(6);
    assertThat(table.translate(GIB)).isZero();
    assertThat(table.translate(2 * GIB - 1)).isZero();
    assertThat(table.unmap(-5, 6)).isOne();
    assertThat(table.unmap(GIB - 1, 600)).isOne();
    assertThat(table.unmap(0, GIB)).isEqualTo(4);
    assertThat(table.translate(-1)).isZero();
    assertThat(table.translate(GIB)).isZero();
  }

  @Test
  void walk_isClippedToTheSpaceAndShowsLeavesWhole() {
    PageTable table = new PageTable(30, PLENTY);
    assertThat(table.map(0, 7, 1, PageTable.READ)).isZero();
    assertThat(table.map(512, 1024, 512, PageTable.WRITE)).isZero();
    assertThat(table.map(GIB - 1, 9, 1, RW)).isZero();
    StringBuilder seen = new StringBuilder();
    PageTable.LeafVisitor visitor =
        (iova, pfn, pages, access) ->
            seen.append("%d:%d x%d/%d ".formatted(iova, pfn, pages, access));
    table.walk(-3, 4, visitor);
    table.walk(512 + 100, 1, visitor);
    table.walk(GIB - 1, 100, visitor);
    table.walk(1, 511, visitor);
    table.walk(0, 0, visitor);
    assertThat(seen).hasToString("0:7 x1/1 512:1024 x512/2 %d:9 x1/3 ".formatted(GIB - 1));
  }

  @Test
  void tables_parkedTable_isNotCountedNorAreItsParentsIfTheyHoldNothingElse() {
    PageTable table = new PageTable(48, PLENTY);
    assertThat(table.map(0, 7, 1, RW)).isZero();
    assertThat(table.tables()).isEqualTo(4);
    assertThat(table.unmap(0, 1)).isOne();
    assertThat(table.tables()).isOne();
    assertThat(table.map(1, 7, 1, RW)).isZero();
    assertThat(table.tables()).isEqualTo(4);
    assertThat(table.map(512, 7, 1, RW)).isZero();
    assertThat(table.tables()).isEqualTo(5);
    assertThat(table.unmap(512, 1)).isOne();
    assertThat(table.tables()).isEqualTo(4);
    assertThat(table.unmap(1, 1)).isOne();
    assertThat(table.tables()).isOne();
    assertThat(table.map(0, 0, GIB, RW)).isZero();
    assertThat(table.tables()).isEqualTo(2);
  }

  /** The same tables serve as leaf tables and as those above them, in every order. */
  @Test
  void tables_usedAgainAtAnotherLevel_translateNothingOld() {
    for (int count : new int[] {1, 2, 30, 511, 512}) {
      PageTable table = new PageTable(39, 5);
      for (int round = 0; round < 6; round++) {
        long inTable = round % 2 == 0 ? 0 : 512 - count;
        long iova = round * GIB + inTable;
        assertThat(table.map(iova, 3, count, RW)).isZero();
        assertThat(table.map(iova + 100 * 512, 3, 1, RW)).isZero();
        for (long granule = 0; granule < 512; granule++) {
          long page = round * GIB + granule * 512 + inTable;
          boolean mapped = page == iova || page == iova + 100 * 512;
          assertThat(table.translate(page) != 0).isEqualTo(mapped);
        }
        for (long page = 0; page < 512; page++) {
          boolean mapped = page >= iova % 512 && page < iova % 512 + count;
          assertThat(table.translate(round * GIB + page) != 0).isEqualTo(mapped);
          long odd = round * GIB + 100 * 512 + page;
          assertThat(table.translate(odd) != 0).isEqualTo(odd == iova + 100 * 512);
        }
        assertThat(table.tables()).isEqualTo(4);
        assertThat(table.unmap(iova, count, true)).isEqualTo(count);
        assertThat(table.unmap(iova + 100 * 512, 1)).isOne();
        assertThat(table.tables()).isOne();
      }
    }
  }

  @Test
  void tables_lastOneIsParked_servesElsewhere() {
    PageTable table = new PageTable(39, 3);
    for (long iova : new long[] {0, 512, GIB, 5 * GIB + 7 * 512, 0}) {
      assertThat(table.map(iova, 3, 4, RW)).isZero();
      assertThat(table.tables()).isEqualTo(3);
      assertThat(table.map(iova + 512, 3, 4, RW)).isEqualTo(ENOMEM);
      assertThat(table.map(iova + GIB, 3, 4, RW)).isEqualTo(ENOMEM);
      assertThat(table.translate(iova + 3)).isEqualTo(6L << 12 | RW);
      assertThat(table.unmap(iova, 4)).isEqualTo(4);
      assertThat(state(table)).isEqualTo("1 tables, 0 pages");
    }
  }
}
