package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Magazines against a stack of each order, and the allocator against a set of pages. */
class IovaAllocatorModelTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @Test
  void magazines_random_asStacks() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      IovaMagazines magazines = new IovaMagazines();
      List<Deque<Long>> model = new ArrayList<>();
      for (int order = 0; order < IovaMagazines.ORDERS; order++) {
        model.add(new ArrayDeque<>());
      }
      long next = 1;
      for (int step = 0; step < 20_000; step++) {
        int order = random.nextInt(2) * (IovaMagazines.ORDERS - 1);
        boolean keeps = random.nextInt(1000) < (step / 2000 % 2 == 0 ? 600 : 400);
        if (keeps) {
          assertThat(magazines.keep(order, next)).isTrue();
          model.get(order).push(next++);
        } else {
          Long expected = model.get(order).poll();
          assertThat(magazines.take(order, NO_LIMIT))
              .as("seed %d, step %d", seed, step)
              .isEqualTo(expected == null ? IovaMagazines.NONE : expected);
        }
      }
      long pages = 0;
      for (int order = 0; order < IovaMagazines.ORDERS; order++) {
        pages += (long) model.get(order).size() << order;
      }
      assertThat(magazines.pages()).as("seed " + seed).isEqualTo(pages);
    }
  }

  @Test
  void magazines_limit_takesOnlyBelowIt() {
    IovaMagazines magazines = new IovaMagazines();
    for (long start = 1; start <= 300; start++) {
      assertThat(magazines.keep(0, start)).isTrue();
    }
    assertThat(magazines.take(0, 250)).isEqualTo(250);
    assertThat(magazines.take(0, 250)).isEqualTo(249);
    assertThat(magazines.take(0, 100)).isEqualTo(IovaMagazines.NONE);
    assertThat(magazines.take(0, 300)).isLessThanOrEqualTo(300).isPositive();
    assertThat(magazines.pages()).isEqualTo(297);
  }

  @Test
  void magazines_full_refuseAndKeepAll() {
    IovaMagazines magazines = new IovaMagazines(1000);
    long kept = 0;
    while (kept < 2000 && magazines.keep(3, 8 * (kept + 1))) {
      kept++;
    }
    assertThat(kept).isBetween(900L, 1000L);
    for (long left = kept; left > 0; left--) {
      assertThat(magazines.take(3, NO_LIMIT)).isEqualTo(8 * left);
    }
    assertThat(magazines.take(3, NO_LIMIT)).isEqualTo(IovaMagazines.NONE);
  }

  private record Range(long start, long pages) {}

  @Test
  void allocator_randomUse_rangesAlignedDisjointAndAllComeBack() {
    for (long seed = 1; seed <= 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      IovaAllocator iovas = new IovaAllocator(16);
      iovas.exclude(100, 50);
      long free = iovas.freePages();
      BitSet taken = new BitSet();
      List<Range> live = new ArrayList<>();
      for (int step = 0; step < 3000; step++) {
        if (live.isEmpty() || random.nextInt(100) < 55) {
          allocate(random, iovas, taken, live);
        } else {
          free(iovas, taken, live.remove(random.nextInt(live.size())));
        }
        assertThat(iovas.takenPages()).as("seed " + seed).isEqualTo(taken.cardinality());
        assertThat(iovas.freePages()).as("seed " + seed).isEqualTo(free - taken.cardinality());
      }
      Collections.shuffle(live, new Random(seed));
      live.forEach(range -> free(iovas, taken, range));
      iovas.flushMagazines();
      assertThat(iovas.freePages()).isEqualTo(free);
      assertThat(iovas.allocate(1 << 15, 0, (1 << 16) - 1)).isEqualTo(1 << 15);
    }
  }

  private static void allocate(
      SplittableRandom random, IovaAllocator iovas, BitSet taken, List<Range> live) {
    long pages = 1L + random.nextInt(1 << random.nextInt(10));
    long limit = random.nextInt(4) == 0 ? 1 << 15 : (1 << 16) - 1;
    long start = iovas.allocate(pages, 0, limit);
    if (start < 0) {
      return;
    }
    long reserved = IovaAllocator.reservedPages(pages);
    assertThat(start).isPositive();
    assertThat(start % Long.highestOneBit(2 * pages - 1)).isZero();
    assertThat(start + reserved - 1).isLessThanOrEqualTo(limit);
    assertThat(taken.get((int) start, (int) (start + reserved)).isEmpty()).isTrue();
    assertThat(start + reserved <= 100 || start >= 150).isTrue();
    taken.set((int) start, (int) (start + reserved));
    live.add(new Range(start, reserved));
  }

  private static void free(IovaAllocator iovas, BitSet taken, Range range) {
    iovas.free(range.start(), range.pages());
    taken.clear((int) range.start(), (int) (range.start() + range.pages()));
  }
}
