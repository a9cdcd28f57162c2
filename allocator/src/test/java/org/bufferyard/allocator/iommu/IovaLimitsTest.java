package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** IOVA ranges at the edges of a limit, of the magazines' orders and of the space. */
class IovaLimitsTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final int LARGEST = IovaMagazines.ORDERS - 1;

  @Test
  void reservedPages_upToTheLargestMagazine_areRoundedUp() {
    assertThat(IovaAllocator.reservedPages(1)).isEqualTo(1);
    assertThat(IovaAllocator.reservedPages(3)).isEqualTo(4);
    assertThat(IovaAllocator.reservedPages((1 << LARGEST) - 1)).isEqualTo(1 << LARGEST);
    assertThat(IovaAllocator.reservedPages(1 << LARGEST)).isEqualTo(1 << LARGEST);
    assertThat(IovaAllocator.reservedPages((1 << LARGEST) + 1)).isEqualTo((1 << LARGEST) + 1);
  }

  @Test
  void allocate_freedRange_comesFromTheMagazineUpToTheLargestOrder() {
    for (int order : new int[] {0, 1, LARGEST, LARGEST + 1}) {
      IovaAllocator iovas = new IovaAllocator(20);
      long high = iovas.allocate(1L << order, 0, NO_LIMIT - 1);
      long low = iovas.allocate(1L << order, 0, NO_LIMIT - 1);
      assertThat(high).isEqualTo((1L << 20) - (1L << order));
      assertThat(low).isEqualTo(high - (1L << order));
      iovas.free(high, 1L << order);
      iovas.free(low, 1L << order);
      assertThat(iovas.takenPages()).isZero();
      assertThat(iovas.allocate(1L << order, 0, NO_LIMIT - 1))
          .isEqualTo(order <= LARGEST ? low : high);
    }
  }

  @Test
  void allocate_alignmentAboveTheOrder_passesTheMagazine() {
    IovaAllocator iovas = new IovaAllocator(10);
    long page = iovas.allocate(2, 0, 1021);
    assertThat(page).isEqualTo(1020);
    iovas.free(page, 2);
    assertThat(iovas.allocate(2, 2, NO_LIMIT - 1)).isEqualTo(1016);
    assertThat(iovas.allocate(2, 1, NO_LIMIT - 1)).isEqualTo(1020);
  }

  @Test
  void allocate_rangeThatEndsAtTheLimit_isBelowIt() {
    IovaAllocator iovas = new IovaAllocator(10);
    long start = iovas.allocate(4, 0, 999);
    assertThat(start).isEqualTo(996);
    iovas.free(start, 4);
    assertThat(iovas.allocate(4, 0, 998)).isEqualTo(992);
    assertThat(iovas.allocate(4, 0, 999)).isEqualTo(996);
    assertThat(iovas.allocate(4, 0, 2)).isEqualTo(-1);
    assertThat(iovas.allocate(4, 0, -1)).isEqualTo(-1);
    assertThat(iovas.allocate(1, 0, 0)).isEqualTo(-1);
    assertThat(iovas.allocate(1, 0, 1)).isEqualTo(1);
  }

  @Test
  void allocate_spaceInMagazinesOnly_flushesThemAndSearchesOnceMore() {
    IovaAllocator iovas = new IovaAllocator(4);
    List<Long> singles = new ArrayList<>();
    for (long page = 15; page > 0; page--) {
      assertThat(iovas.allocate(1, 0, NO_LIMIT - 1)).isEqualTo(page);
      singles.add(page);
    }
    assertThat(iovas.allocate(1, 0, NO_LIMIT - 1)).isEqualTo(-1);
    assertThat(iovas.takenPages()).isEqualTo(15);
    singles.forEach(page -> iovas.free(page, 1));
    assertThat(iovas.freePages()).isEqualTo(15);
    assertThat(iovas.allocate(16, 0, NO_LIMIT - 1)).isEqualTo(-1);
    assertThat(iovas.allocate(8, 0, NO_LIMIT - 1)).isEqualTo(8);
    assertThat(iovas.freePages()).isEqualTo(7);
  }

  @Test
  void reserve_pagesInAMagazine_areTakenFromIt() {
    IovaAllocator iovas = new IovaAllocator(6);
    long start = iovas.allocate(4, 0, NO_LIMIT - 1);
    assertThat(iovas.reserve(start + 3, 1)).isFalse();
    iovas.free(start, 4);
    assertThat(iovas.reserve(start + 1, 3)).isTrue();
    assertThat(iovas.reserve(start, 2)).isFalse();
    assertThat(iovas.takenPages()).isEqualTo(3);
    iovas.release(start + 1, 3);
    assertThat(iovas.takenPages()).isZero();
    assertThat(iovas.allocate(4, 0, NO_LIMIT - 1)).isEqualTo(start);
  }

  @Test
  void exclude_overlapsAndTheSpacesEnd_countEachPageOnce() {
    IovaAllocator iovas = new IovaAllocator(6);
    iovas.exclude(60, 100);
    assertThat(iovas.freePages()).isEqualTo(59);
    iovas.exclude(57, 5);
    assertThat(iovas.freePages()).isEqualTo(56);
    iovas.exclude(57, 3);
    assertThat(iovas.freePages()).isEqualTo(56);
    iovas.exclude(0, 3);
    iovas.exclude(64, 1);
    iovas.exclude(1L << 40, 1);
    iovas.exclude(20, 0);
    assertThat(iovas.freePages()).isEqualTo(54);
    assertThat(iovas.takenPages()).isZero();
    assertThat(iovas.allocate(1, 0, NO_LIMIT - 1)).isEqualTo(56);
    assertThat(iovas.allocate(1, 0, 2)).isEqualTo(-1);
    assertThat(iovas.allocate(1, 0, 3)).isEqualTo(3);
  }

  @Test
  void free_sizesBeyondTheMagazines_goToTheTreeWhole() {
    for (long pages : new long[] {(1 << 14) + 1, (1 << 14) + 2, 3 << 13, (1 << 15) + 4}) {
      IovaAllocator iovas = new IovaAllocator(18);
      long start = iovas.allocate(pages, 0, NO_LIMIT - 1);
      assertThat(start % (1 << 15)).isZero();
      assertThat(iovas.takenPages()).isEqualTo(pages);
      iovas.free(start, pages);
      assertThat(iovas.takenPages()).isZero();
      assertThat(iovas.allocate(1, 0, NO_LIMIT - 1)).isEqualTo((1 << 18) - 1);
    }
  }
}
