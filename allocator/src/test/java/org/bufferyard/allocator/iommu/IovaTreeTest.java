package org.bufferyard.allocator.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The tree against one boolean a page, exhaustively in a small space and at random in larger. */
class IovaTreeTest {
  @Test
  void findTop_everyPatternOfTenPages_everyOrderAndLimit() {
    for (int pattern = 0; pattern < 1 << 10; pattern++) {
      IovaTree tree = new IovaTree(4);
      boolean[] taken = new boolean[16];
      for (int page = 0; page < 10; page++) {
        if (((pattern >> page) & 1) != 0) {
          tree.take(page + 3, 1);
          taken[page + 3] = true;
        }
      }
      for (int order = 0; order <= 4; order++) {
        for (int limit = -1; limit < 20; limit++) {
          assertThat(tree.findTop(order, limit))
              .as("pattern %d, order %d, limit %d", pattern, order, limit)
              .isEqualTo(topByScan(taken, order, limit));
        }
      }
    }
  }

  private static long topByScan(boolean[] taken, int order, long limit) {
    int size = 1 << order;
    for (int start = taken.length - size; start >= 0; start -= size) {
      boolean free = start + size - 1 <= limit;
      for (int page = start; free && page < start + size; page++) {
        free = !taken[page];
      }
      if (free) {
        return start;
      }
    }
    return -1;
  }

  @Test
  void takeAndRelease_random_asOneBooleanAPage() {
    for (long seed = 1; seed <= 30; seed++) {
      randomUse(seed, seed % 5 == 0 ? 19 : 13);
    }
  }

  private static void randomUse(long seed, int bits) {
    SplittableRandom random = new SplittableRandom(seed);
    IovaTree tree = new IovaTree(bits);
    boolean[] taken = new boolean[1 << bits];
    int free = taken.length;
    for (int step = 0; step < 60; step++) {
      String trace = "seed " + seed + ", bits " + bits + ", step " + step;
      int start = random.nextInt(taken.length);
      int pages = Math.min(taken.length - start, 1 << random.nextInt(bits));
      int same = 1;
      while (same < pages && taken[start + same] == taken[start]) {
        same++;
      }
      boolean take = !taken[start];
      assertThat(tree.isFree(start, same)).as(trace).isEqualTo(take);
      if (take) {
        tree.take(start, same);
      } else {
        tree.release(start, same);
      }
      free += take ? -same : same;
      Arrays.fill(taken, start, start + same, take);
      assertThat(tree.freePages()).as(trace).isEqualTo(free);
      int order = random.nextInt(bits + 1);
      long limit = random.nextInt(taken.length);
      assertThat(tree.findTop(order, limit)).as(trace).isEqualTo(topByScan(taken, order, limit));
    }
  }

  @Test
  void allocate_random_disjointAlignedBelowTheLimit_andAllComesBack() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      IovaAllocator iovas = new IovaAllocator(18);
      iovas.exclude(1000, 3000);
      boolean[] taken = new boolean[1 << 18];
      Arrays.fill(taken, 1000, 4000, true);
      taken[0] = true;
      long[][] live = new long[200][2];
      for (int step = 0; step < 1500; step++) {
        String trace = "seed " + seed + ", step " + step;
        int slot = random.nextInt(live.length);
        if (live[slot][1] > 0) {
          mark(taken, live[slot], false, trace);
          iovas.free(live[slot][0], live[slot][1]);
          live[slot][1] = 0;
          continue;
        }
        long pages = 1L + random.nextInt(1 << random.nextInt(1, 16));
        int align = random.nextInt(4) == 0 ? random.nextInt(12) : 0;
        long limit = (1L << random.nextInt(14, 19)) - 1;
        long start = iovas.allocate(pages, align, limit);
        if (start >= 0) {
          long reserved = IovaAllocator.reservedPages(pages);
          assertThat(start % (1L << Math.max(align, IovaAllocator.orderOf(pages))))
              .as(trace)
              .isZero();
          assertThat(start + reserved - 1).as(trace).isLessThanOrEqualTo(limit);
          live[slot] = new long[] {start, reserved};
          mark(taken, live[slot], true, trace);
        }
      }
      for (long[] range : live) {
        if (range[1] > 0) {
          iovas.free(range[0], range[1]);
        }
      }
      assertThat(iovas.takenPages()).as("seed %d", seed).isZero();
      assertThat(iovas.freePages()).as("seed %d", seed).isEqualTo((1 << 18) - 3001);
      iovas.flushMagazines();
      assertThat(iovas.allocate(1 << 17, 0, 1 << 18)).as("seed %d", seed).isEqualTo(1 << 17);
    }
  }

  private static void mark(boolean[] taken, long[] range, boolean on, String trace) {
    for (long page = range[0]; page < range[0] + range[1]; page++) {
      assertThat(taken[(int) page]).as(trace).isEqualTo(!on);
      taken[(int) page] = on;
    }
  }
}
