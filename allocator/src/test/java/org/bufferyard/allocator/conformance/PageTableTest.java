package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.iommu.PageTable;
import org.junit.jupiter.api.Test;

/**
 * Family PT: IOMMU page tables, restated from the self-tests of {@code io-pgtable-arm} and {@code
 * generic_pt}. Of the granule sets only 4K/2M/1G is modelled, and a part of a large leaf is removed
 * with the whole leaf, as generic_pt does (so PT03, which splits, is a listed divergence).
 */
class PageTableTest {
  private static final long RW = PageTable.READ | PageTable.WRITE;
  private static final long GIB_PAGES = 1 << 18;
  private static final int[] ADDRESS_BITS = {32, 36, 40, 42, 44, 48};
  private static final long[] LEAF_PAGES = {1, 512, GIB_PAGES};

  @Test
  void PT01_emptyTableTranslatesNothing() {
    for (int bits : ADDRESS_BITS) {
      PageTable table = new PageTable(bits, 1 << 10);
      for (long address : new long[] {42, (1L << 30) + 42, (2L << 30) + 42, (1L << bits) - 1}) {
        assertThat(table.translate(address >>> 12)).as("bits %d", bits).isZero();
      }
    }
  }

  @Test
  void PT02_oneLeafOfEachSize_overlapRefused_offsetKept() {
    for (int bits : ADDRESS_BITS) {
      PageTable table = new PageTable(bits, 1 << 10);
      for (int k = 0; k < LEAF_PAGES.length; k++) {
        long iova = k * GIB_PAGES;
        assertThat(table.map(iova, iova, LEAF_PAGES[k], RW)).isZero();
        assertThat(table.map(iova, iova + LEAF_PAGES[k], 1, RW))
            .isEqualTo(-Errno.EADDRINUSE.number());
        long inLeaf = Math.min(42, LEAF_PAGES[k] - 1);
        assertThat(table.translate(iova + inLeaf)).isEqualTo(((iova + inLeaf) << 12) | RW);
      }
    }
  }

  /** Divergence: the old ARM code keeps the rest of the leaf; here, as in PT06, all of it goes. */
  @Test
  void PT03_partialUnmap_removesTheLeaf_thenRemapWorks() {
    PageTable table = new PageTable(48, 1 << 10);
    assertThat(table.map(GIB_PAGES, 0, 1024, RW)).isZero();
    assertThat(table.unmap(GIB_PAGES + 512, 1)).isEqualTo(512);
    assertThat(table.translate(GIB_PAGES + 512)).isZero();
    assertThat(table.translate(GIB_PAGES + 511)).isEqualTo((511L << 12) | RW);
    assertThat(table.map(GIB_PAGES + 512, 512, 1, RW)).isZero();
    assertThat(table.translate(GIB_PAGES + 512)).isEqualTo((512L << 12) | RW);
  }

  @Test
  void PT04_fullUnmap_thenRemap() {
    PageTable table = new PageTable(48, 1 << 10);
    for (int round = 0; round < 2; round++) {
      for (int k = 0; k < LEAF_PAGES.length; k++) {
        assertThat(table.map(k * GIB_PAGES, 7 * GIB_PAGES, LEAF_PAGES[k], RW)).isZero();
      }
      for (int k = 0; k < LEAF_PAGES.length; k++) {
        assertThat(table.unmap(k * GIB_PAGES, LEAF_PAGES[k])).isEqualTo(LEAF_PAGES[k]);
        assertThat(table.translate(k * GIB_PAGES)).isZero();
      }
    }
  }

  @Test
  void PT05_eachSizeAlone_oneEntryOfThatSize() {
    for (long pages : LEAF_PAGES) {
      PageTable table = new PageTable(48, 1 << 10);
      assertThat(table.map(5 * GIB_PAGES, 3 * GIB_PAGES, pages, RW)).isZero();
      int[] entries = {0};
      table.walk(
          0,
          1L << 36,
          (iova, pfn, leafPages, access) -> {
            entries[0]++;
            assertThat(leafPages).isEqualTo(pages);
          });
      assertThat(entries[0]).isEqualTo(1);
    }
  }

  @Test
  void PT06_unmapOfAPieceRemovesTheWholeLeafAndSaysSo() {
    PageTable table = new PageTable(48, 1 << 10);
    assertThat(table.map(512, 1024, 512, RW)).isZero();
    assertThat(table.unmap(512 + 17, 1)).isEqualTo(512);
    assertThat(table.translate(512)).isZero();
    assertThat(table.mappedPages()).isZero();
  }

  @Test
  void PT07_randomMapsAndUnmaps_agreeWithAnIntervalMap() {
    for (long seed = 1; seed <= 8; seed++) {
      randomMapsAndUnmaps(seed);
    }
  }

  private static void randomMapsAndUnmaps(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PageTable table = new PageTable(39, 1 << 16);
    TreeMap<Long, Long> lengths = new TreeMap<>();
    TreeMap<Long, Long> frames = new TreeMap<>();
    for (int step = 0; step < 1000; step++) {
      long pages = 1L << random.nextInt(11);
      long iova = random.nextLong(1 << 14) & -Math.min(pages, 512);
      long pfn = random.nextLong(1 << 20) & -Math.min(pages, 512);
      String trace = "seed " + seed + ", step " + step;
      Long below = lengths.lowerKey(iova + pages);
      boolean overlaps = below != null && below + lengths.get(below) > iova;
      if (overlaps) {
        assertThat(table.map(iova, pfn, pages, RW)).as(trace).isEqualTo(-Errno.EADDRINUSE.number());
        assertThat(table.unmap(below, lengths.get(below))).as(trace).isEqualTo(lengths.get(below));
        lengths.remove(below);
        frames.remove(below);
      } else {
        assertThat(table.map(iova, pfn, pages, RW)).as(trace).isZero();
        lengths.put(iova, pages);
        frames.put(iova, pfn);
      }
    }
    lengths.forEach(
        (iova, pages) -> {
          for (long page = 0; page < pages; page++) {
            assertThat(table.translate(iova + page) >>> 12)
                .as("seed %d", seed)
                .isEqualTo(frames.get(iova) + page);
          }
        });
    long total = lengths.values().stream().mapToLong(Long::longValue).sum();
    assertThat(table.mappedPages()).as("seed %d", seed).isEqualTo(total);
    lengths.forEach(table::unmap);
    assertThat(table.tables()).as("seed %d", seed).isEqualTo(1);
  }

  @Test
  void PT08_oddAlignment() {
    PageTable table = new PageTable(48, 1 << 10);
    long iova = 0xfef80000L >>> 12;
    long pfn = 0x208b95d000L >>> 12;
    assertThat(table.map(iova, pfn, 0x20000 >>> 12, RW)).isZero();
    for (long page = 0; page < 0x20; page++) {
      assertThat(table.translate(iova + page) >>> 12).isEqualTo(pfn + page);
    }
  }

  @Test
  void PT09_mixedLeavesOverALongRange() {
    PageTable table = new PageTable(48, 1 << 10);
    long start = 0x3fe400000L >>> 12;
    long pages = (0x4c0600000L >>> 12) - start;
    assertThat(table.map(start, start, pages, RW)).isZero();
    StringBuilder leaves = new StringBuilder();
    table.walk(start, pages, (iova, pfn, count, access) -> leaves.append(count == 512 ? 'm' : 'G'));
    assertThat(leaves.toString()).isEqualTo("m".repeat(14) + "GGG" + "m".repeat(3));
  }

  @Test
  void PT10_tablesComeOnDemandAndNoneIsLeft() {
    PageTable table = new PageTable(48, 1 << 10);
    assertThat(table.tables()).isEqualTo(1);
    assertThat(table.map(1, 1, 1, RW)).isZero();
    assertThat(table.tables()).isEqualTo(4);
    assertThat(table.map(GIB_PAGES, 0, GIB_PAGES, RW)).isZero();
    assertThat(table.tables()).isEqualTo(4);
    assertThat(table.unmap(0, 1L << 36)).isEqualTo(GIB_PAGES + 1);
    assertThat(table.tables()).isEqualTo(1);
  }
}
