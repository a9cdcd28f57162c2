package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** IOVA at the edges of a limit, of the magazines and their depots, and of the space. */
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
  void tree_width_upToThirtySixBits() {
    IovaTree tree = new IovaTree(36);
    assertThat(tree.freePages()).isEqualTo(1L << 36);
    assertThat(tree.findTop(36, NO_LIMIT - 1)).isZero();
    assertThat(tree.findTop(35, NO_LIMIT - 1)).isEqualTo(1L << 35);
    assertThat(tree.findTop(37, NO_LIMIT - 1)).isEqualTo(-1);
    assertThat(tree.findTop(36, (1L << 36) - 2)).isEqualTo(-1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IovaTree(37))
        .withMessage("space too wide, pageBits=37");
  }

  /** Three levels of nodes that come and go; every order at every level. */
  @Test
  void tree_onePageTaken_everyOrderGoesAroundIt() {
    int bits = 22;
    for (long page : new long[] {0, 63, 64, 4095, 4096, (1 << 18) - 1, 1 << 18, (1 << 22) - 1}) {
      IovaTree tree = new IovaTree(bits);
      for (int round = 0; round < 3; round++) {
        tree.take(page, 1);
        assertThat(tree.isFree(page, 1)).isFalse();
        assertThat(tree.isTaken(page, 2 - (page & 1))).isEqualTo((page & 1) == 1);
        for (int order = 0; order < bits; order++) {
          long top = (1L << bits) - (1L << order);
          long expected = page >= top ? top - (1L << order) : top;
          assertThat(tree.findTop(order, NO_LIMIT - 1)).isEqualTo(expected);
          long below = page >>> order << order;
          assertThat(tree.findTop(order, page)).isEqualTo(below == 0 ? -1 : below - (1L << order));
        }
        assertThat(tree.findTop(bits, NO_LIMIT - 1)).isEqualTo(-1);
        tree.release(page, 1);
        assertThat(tree.findTop(bits, NO_LIMIT - 1)).isZero();
      }
    }
  }

  @Test
  void tree_takenAsAWholeAndGivenBackInPieces_becomesOneBlockAgain() {
    for (int order : new int[] {6, 9, 12, 15, 18}) {
      IovaTree tree = new IovaTree(20);
      long start = 1L << order;
      tree.take(start, 1L << order);
      assertThat(tree.isTaken(start, 1L << order)).isTrue();
      assertThat(tree.isFree(0, start)).isTrue();
      long piece = Math.max(1, 1L << (order - 7));
      for (long at = start; at < 2 * start; at += piece) {
        assertThat(tree.findTop(order, 2 * start - 1)).isZero();
        tree.release(at, piece);
      }
      assertThat(tree.findTop(order, 2 * start - 1)).isEqualTo(start);
      assertThat(tree.freePages()).isEqualTo(1 << 20);
      assertThat(tree.findTop(20, NO_LIMIT - 1)).isZero();
    }
  }

  /** More nodes than the tree starts with, dropped and used again. */
  @Test
  void tree_manyNodes_growAndComeBack() {
    IovaTree tree = new IovaTree(30);
    for (int round = 0; round < 2; round++) {
      for (long page = 5; page < 1 << 30; page += 1 << 24) {
        tree.take(page, 1);
      }
      for (long page = 5; page < 1 << 30; page += 1 << 24) {
        assertThat(tree.findTop(0, page)).isEqualTo(page - 1);
        assertThat(tree.findTop(24, page + (1 << 24) - 6)).isEqualTo(-1);
        assertThat(tree.isFree(page - 5, 5)).isTrue();
      }
      for (long page = 5; page < 1 << 30; page += 1 << 24) {
        tree.release(page, 1);
      }
      assertThat(tree.findTop(30, NO_LIMIT - 1)).isZero();
    }
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

  private static IovaMagazines kept(int order, int count) {
    IovaMagazines magazines = new IovaMagazines();
    for (long start = 1; start <= count; start++) {
      assertThat(magazines.keep(order, start)).isTrue();
    }
    return magazines;
  }

  /** Of 300, 111 are loaded and 189 in the depot, of which 16 are looked at too. */
  @Test
  void take_lowLimit_looksAtTheLastOneHundredTwentySeven() {
    assertThat(kept(3, 300).take(3, 174)).isEqualTo(174);
    assertThat(kept(3, 300).take(3, 173)).isEqualTo(IovaMagazines.NONE);
    assertThat(kept(3, 300).take(3, 190)).isEqualTo(190);
    assertThat(kept(3, 127).take(3, 1)).isEqualTo(1);
    assertThat(kept(3, 5).take(3, 0)).isEqualTo(IovaMagazines.NONE);
    assertThat(kept(3, 5).take(2, NO_LIMIT)).isEqualTo(IovaMagazines.NONE);
  }

  @Test
  void take_lowestOfTheDepot_isInReachOnceTheMagazineIsHalfFull() {
    IovaMagazines magazines = kept(3, 128);
    assertThat(magazines.take(3, 1)).isEqualTo(IovaMagazines.NONE);
    assertThat(magazines.take(3, NO_LIMIT)).isEqualTo(128);
    assertThat(magazines.take(3, 1)).isEqualTo(1);
  }

  @Test
  void keep_twice_failsTheAssertion() {
    IovaMagazines magazines = kept(3, 128);
    for (long start : new long[] {1, 63, 64, 128}) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> magazines.keep(3, start))
          .withMessage("freed twice, start=" + start + ", order=3");
    }
    assertThat(magazines.keep(2, 64)).isTrue();
    assertThat(magazines.pages()).isEqualTo(128 * 8 + 4);
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

  /** Three levels of nodes, all but the last pages taken as a whole. */
  @Test
  void tree_random_asASetOfPages() {
    int space = 1 << 20;
    int first = space - (1 << 13);
    SplittableRandom random = new SplittableRandom(7);
    IovaTree tree = new IovaTree(20);
    tree.take(0, first);
    BitSet taken = new BitSet();
    taken.set(0, first);
    for (int step = 0; step < 1200; step++) {
      int start = first + random.nextInt(space - first);
      int most = Math.min(space - start, 1 << random.nextInt(13));
      boolean take = !taken.get(start);
      int change = take ? taken.nextSetBit(start) : taken.nextClearBit(start);
      int pages = Math.min(most, change < 0 ? most : change - start);
      assertThat(tree.isFree(start, pages)).isEqualTo(take);
      assertThat(tree.isTaken(start, pages)).isEqualTo(!take);
      if (take) {
        tree.take(start, pages);
      } else {
        tree.release(start, pages);
      }
      taken.set(start, start + pages, take);
      assertThat(tree.freePages()).isEqualTo(space - taken.cardinality());
      for (int order = 0; order <= 13; order += 1 + random.nextInt(3)) {
        int limit = first + random.nextInt(space - first);
        assertThat(tree.findTop(order, limit)).isEqualTo(top(taken, first, order, limit));
        assertThat(tree.findTop(order, NO_LIMIT - 1))
            .isEqualTo(top(taken, first, order, space - 1));
      }
    }
  }

  private static int top(BitSet taken, int first, int order, int limit) {
    int size = 1 << order;
    for (int start = ((limit + 1) & -size) - size; start >= first; start -= size) {
      int next = taken.nextSetBit(start);
      if (next < 0 || next >= start + size) {
        return start;
      }
    }
    return -1;
  }

  /** A node that got lost would have to be made anew each time, and the tree would grow. */
  @Test
  void tree_takenInPiecesGivenBackWhole_losesNoNode() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    IovaTree tree = new IovaTree(30);
    long before = 0;
    for (int round = 0; round < 1000; round++) {
      before = round == 100 ? threads.getCurrentThreadAllocatedBytes() : before;
      for (int order : new int[] {12, 18, 24}) {
        long start = 1L << order;
        tree.take(start, start / 2 - 1);
        tree.take(start + start / 2 - 1, start / 2 + 1);
        tree.release(start, start);
      }
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 16);
    assertThat(tree.findTop(30, NO_LIMIT - 1)).isZero();
  }

  @Test
  void take_fromTheMiddle_leavesEveryOther() {
    for (int count : new int[] {1, 2, 126, 127, 128, 190, 191, 253, 254, 300, 900}) {
      IovaMagazines magazines = kept(LARGEST, count);
      TreeSet<Long> left = new TreeSet<>();
      for (long start = 1; start <= count; start++) {
        left.add(start);
      }
      long limit = Math.max(1, count - 120);
      for (long start = magazines.take(LARGEST, limit);
          start != IovaMagazines.NONE;
          start = magazines.take(LARGEST, limit)) {
        assertThat(start).isLessThanOrEqualTo(limit);
        assertThat(left.remove(start)).isTrue();
        assertThat(magazines.pages()).isEqualTo((long) left.size() << LARGEST);
      }
      while (!left.isEmpty()) {
        assertThat(left.remove(magazines.take(LARGEST, NO_LIMIT))).isTrue();
      }
      assertThat(magazines.pages()).isZero();
      assertThat(magazines.take(LARGEST, NO_LIMIT)).isEqualTo(IovaMagazines.NONE);
    }
  }

  @Test
  void keep_capacity_isReachedAndNotPassed() {
    for (int[] capacityAndKept : new int[][] {{189, 127}, {190, 190}, {253, 253}, {1000, 946}}) {
      IovaMagazines magazines = new IovaMagazines(capacityAndKept[0]);
      int kept = 0;
      while (magazines.keep(0, kept + 1L)) {
        kept++;
      }
      assertThat(kept).isEqualTo(capacityAndKept[1]);
      assertThat(magazines.pages()).isEqualTo(kept);
      assertThat(magazines.take(0, NO_LIMIT)).isEqualTo(kept);
    }
  }

  @Test
  void flush_everyOrder_isBackInTheTree() {
    IovaTree tree = new IovaTree(20);
    IovaMagazines magazines = new IovaMagazines();
    for (int count : new int[] {1, 127, 300}) {
      for (int order : new int[] {0, 1, 9}) {
        long start = order == 0 ? 0 : 1L << (order + 9);
        tree.take(start, (long) count << order);
        for (int at = 0; at < count; at++) {
          assertThat(magazines.keep(order, start + ((long) at << order))).isTrue();
        }
      }
      magazines.flush(tree);
      assertThat(magazines.pages()).isZero();
      assertThat(magazines.take(0, NO_LIMIT)).isEqualTo(IovaMagazines.NONE);
      assertThat(tree.findTop(20, NO_LIMIT - 1)).isZero();
    }
  }
}
