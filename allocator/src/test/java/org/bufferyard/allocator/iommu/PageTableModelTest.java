package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/**
 * The page table against one number a page: lengths on both sides of every fast path, large leaves,
 * a table that was emptied and serves again, and too few tables. Refused calls change nothing.
 */
class PageTableModelTest {
  private static final int PAGE_BITS = 13;
  private static final int PAGES = 1 << PAGE_BITS;
  private static final long READ_WRITE = PageTable.READ | PageTable.WRITE;
  private static final int PLENTY = 1000;
  private static final int[] LENGTHS = {1, 1, 2, 3, 8, 23, 24, 25, 63, 64, 65, 256, 511, 512, 900};

  @Test
  void randomCalls_asOneNumberAPage() {
    for (long seed = 1; seed <= 40; seed++) {
      new Run(seed, PLENTY).go();
    }
  }

  @Test
  void randomCalls_tooFewTables_refusedCallsChangeNothing() {
    for (long seed = 1; seed <= 40; seed++) {
      Run run = new Run(seed, 4);
      run.go();
      assertThat(run.outOfTables).as("seed " + seed).isPositive();
    }
  }

  /** One leaf over and over, each time another part of it, so that stale entries lie around. */
  @Test
  void emptiedTable_anotherPartMapped_nothingElseTranslates() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PageTable table = new PageTable(PAGE_BITS + 12, 3);
      for (int round = 0; round < 60; round++) {
        int from = random.nextInt(512);
        int count = 1 + random.nextInt(512 - from);
        assertThat(table.map(1024 + from, 7, count, PageTable.READ)).isZero();
        for (int page = 0; page < 512; page++) {
          long expected = page >= from && page < from + count ? 1 : 0;
          assertThat(table.translate(1024 + page) & 3)
              .as("seed %d, round %d, page %d", seed, round, page)
              .isEqualTo(expected);
        }
        assertThat(table.unmap(1024 + from, count, random.nextBoolean())).isEqualTo(count);
        assertThat(table.tables()).as("seed %d, round %d", seed, round).isEqualTo(1);
      }
    }
  }

  /** The parked leaf table is in the way of each of these, and gives way. */
  @Test
  void parkedTable_largeLeafOrLastTableElsewhere_givesWay() {
    PageTable table = new PageTable(39, 3);
    assertThat(table.map(512, 3, 5, READ_WRITE)).isZero();
    assertThat(table.unmap(512, 5)).isEqualTo(5);
    assertThat(table.map(512, 1024, 512, READ_WRITE)).isZero();
    assertThat(table.translate(512 + 9) >>> 12).isEqualTo(1024 + 9);
    assertThat(table.unmap(512, 512)).isEqualTo(512);

    assertThat(table.map(512, 3, 5, READ_WRITE)).isZero();
    assertThat(table.unmap(512, 5)).isEqualTo(5);
    assertThat(table.map(1 << 20, 8, 1, READ_WRITE)).isZero();
    assertThat(table.tables()).isEqualTo(3);
    assertThat(table.map(512, 8, 1, READ_WRITE)).isEqualTo(-Errno.ENOMEM.number());
    assertThat(table.translate(512)).isZero();
  }

  @Test
  void mapPfns_anAlignedRunButForOneFrame_isNoLargeLeaf() {
    for (int odd : new int[] {0, 1, 255, 510, 511}) {
      long[] pfns = new long[512];
      Arrays.setAll(pfns, page -> 2048 + page);
      pfns[odd] += 1 << 20;
      PageTable table = new PageTable(39, PLENTY);
      assertThat(table.mapPfns(1024, pfns, 0, 512, READ_WRITE)).isZero();
      for (int page = 0; page < 512; page++) {
        assertThat(table.translate(1024 + page) >>> 12).isEqualTo(pfns[page]);
      }
      pfns[odd] = 2048 + odd | 1L << 60;
      assertThat(table.mapPfns(2048, pfns, 0, 512, READ_WRITE)).isEqualTo(-Errno.EINVAL.number());
      assertThat(table.mappedPages()).isEqualTo(512);
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final PageTable table;
    private final String seed;

    /** What each page translates to, and the pages of its leaf. */
    private final long[] expected = new long[PAGES];

    private final int[] leafPages = new int[PAGES];
    private int outOfTables;

    Run(long seed, int tablesMax) {
      random = new SplittableRandom(seed);
      table = new PageTable(PAGE_BITS + 12, tablesMax);
      this.seed = "seed " + seed;
    }

    void go() {
      for (int step = 0; step < 150; step++) {
        int count = LENGTHS[random.nextInt(LENGTHS.length)];
        int iova = random.nextInt(PAGES - count + 1);
        iova = random.nextInt(3) == 0 ? iova & ~511 : iova;
        if (random.nextInt(5) < 2) {
          unmap(iova, count);
        } else {
          map(iova, frames(count), random.nextInt(3));
        }
        check(seed + ", step " + step);
      }
      unmap(0, PAGES);
      check(seed + ", emptied");
      assertThat(table.tables()).as(seed).isEqualTo(1);
    }

    /** Runs of the buffer, some of them long and aligned. */
    private long[] frames(int count) {
      long[] pfns = new long[count];
      int page = 0;
      while (page < count) {
        int run = Math.min(count - page, LENGTHS[random.nextInt(LENGTHS.length)]);
        long first = (random.nextLong(1 << 24) & -1024) + (run >= 512 ? 0 : random.nextInt(512));
        for (int i = 0; i < run; i++) {
          pfns[page++] = first + i;
        }
      }
      return pfns;
    }

    private void map(int iova, long[] pfns, int how) {
      boolean taken = false;
      for (int page = 0; page < pfns.length; page++) {
        taken |= expected[iova + page] != 0;
      }
      int status =
          switch (how) {
            case 0 -> table.mapPfns(iova, pfns, 0, pfns.length, READ_WRITE);
            case 1 -> table.mapExtents(iova, extents(pfns), READ_WRITE);
            default -> {
              Arrays.setAll(pfns, page -> pfns[0] + page);
              yield table.map(iova, pfns[0], pfns.length, READ_WRITE);
            }
          };
      if (status == -Errno.ENOMEM.number()) {
        outOfTables++;
      } else {
        assertThat(status).isEqualTo(taken ? -Errno.EADDRINUSE.number() : 0);
      }
      if (status == 0) {
        remember(iova, pfns);
      }
    }

    private void remember(int iova, long[] pfns) {
      table.walk(
          iova,
          pfns.length,
          (leaf, pfn, pages, access) ->
              Arrays.fill(leafPages, (int) leaf, (int) (leaf + pages), (int) pages));
      for (int page = 0; page < pfns.length; page++) {
        expected[iova + page] = pfns[page] << 12 | READ_WRITE;
      }
    }

    private void unmap(int iova, int count) {
      long removed = 0;
      for (int page = iova; page < iova + count; page++) {
        if (expected[page] != 0) {
          int pages = leafPages[page];
          int first = page & -pages;
          Arrays.fill(expected, first, first + pages, 0);
          removed += pages;
        }
      }
      assertThat(table.unmap(iova, count)).as(seed).isEqualTo(removed);
    }

    private void check(String trace) {
      long mapped = 0;
      for (int page = 0; page < PAGES; page++) {
        if (table.translate(page) != expected[page]) {
          assertThat(table.translate(page)).as(trace + ", page " + page).isEqualTo(expected[page]);
        }
        mapped += expected[page] != 0 ? 1 : 0;
      }
      assertThat(table.mappedPages()).as(trace).isEqualTo(mapped);
    }

    private static Extents extents(long[] pfns) {
      Extents.Builder runs = new Extents.Builder();
      for (long pfn : pfns) {
        runs.add(pfn, 1);
      }
      return runs.build();
    }
  }
}
