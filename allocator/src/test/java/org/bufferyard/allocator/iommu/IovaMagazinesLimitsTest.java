package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Magazines and depots: how far they are searched, what they hold, what they refuse. */
class IovaMagazinesLimitsTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final int LARGEST = IovaMagazines.ORDERS - 1;

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
