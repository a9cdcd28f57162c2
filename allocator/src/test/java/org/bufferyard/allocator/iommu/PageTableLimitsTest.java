package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** Leaf sizes, tables and refusals where each rule turns. */
class PageTableLimitsTest {
  private static final long RW = PageTable.READ | PageTable.WRITE;
  private static final int PLENTY = 64;
  private static final long GIB = 1 << 18;
  private static final int EINVAL = -Errno.EINVAL.number();
  private static final int EADDRINUSE = -Errno.EADDRINUSE.number();
  private static final int ENOMEM = -Errno.ENOMEM.number();

  /** The ways to map frames {@code pfn} on, which for the last two are cut in odd places. */
  private interface Way {
    int map(PageTable table, long iova, long pfn, int pages);
  }

  private static final List<Way> WAYS =
      List.of(
          (table, iova, pfn, pages) -> table.map(iova, pfn, pages, RW),
          (table, iova, pfn, pages) -> table.mapExtents(iova, runs(pfn, pages, 3), RW),
          (table, iova, pfn, pages) -> table.mapExtents(iova, runs(pfn, pages, 40), RW),
          (table, iova, pfn, pages) -> table.mapPfns(iova, frames(pfn, pages), 0, pages, RW));

  private static long[] frames(long pfn, int pages) {
    long[] frames = new long[pages];
    Arrays.setAll(frames, page -> pfn + page);
    return frames;
  }

  /** Runs of {@code each} pages that leave out a frame behind each. */
  private static Extents runs(long pfn, int pages, int each) {
    Extents.Builder runs = new Extents.Builder();
    long frame = pfn;
    for (int left = pages; left > 0; left -= each) {
      runs.add(frame, Math.min(left, each));
      frame += each + 1L;
    }
    return runs.build();
  }

  private static String state(PageTable table) {
    StringBuilder text = new StringBuilder();
    text.append(table.tables()).append(" tables, ").append(table.mappedPages()).append(" pages");
    table.walk(
        0,
        1L << 45,
        (iova, pfn, pages, access) ->
            text.append(", %d to %d x%d %d".formatted(iova, pfn, pages, access)));
    return text.toString();
  }

  /** How many leaves of 4 KiB, 2 MiB and 1 GiB. */
  private static List<Integer> leaves(PageTable table) {
    int[] count = new int[3];
    table.walk(
        0, 1L << 45, (iova, pfn, pages, access) -> count[pages == 1 ? 0 : pages == 512 ? 1 : 2]++);
    return List.of(count[0], count[1], count[2]);
  }

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
