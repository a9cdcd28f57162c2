package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The tree of free pages across its levels, in pieces and as a whole. */
class IovaTreeLimitsTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

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
}
