package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every search in small spaces of used, cleared and dirty blocks, against a look at each place. */
@ParameterizedClass
@ValueSource(ints = {0, 3})
class BuddySearchTest {
  private static final int END = 29;
  private static final int MAX_ORDER = 4;

  private final int first;
  private final BuddyBlocks blocks;
  private final BuddySearch search;

  BuddySearchTest(int first) {
    this.first = first;
    blocks = new BuddyBlocks(first, END, MAX_ORDER);
    search = new BuddySearch(blocks);
  }

  /** Takes the space page by page, then frees some blocks of it as dirty or cleared. */
  private void scramble(RandomGenerator random, boolean cleared) {
    blocks.reset(BuddyBlocks.DIRTY);
    int used = 1 + random.nextInt(20);
    for (int time = 0; time < used; time++) {
      int at = first + random.nextInt(END - first);
      int head = blocks.headOf(at);
      if (blocks.isFree(head)) {
        int order = random.nextInt(blocks.order(head) + 1);
        blocks.claim(at & -(1 << order), order, false);
      } else if (random.nextInt(3) > 0) {
        blocks.release(head, cleared && random.nextBoolean() ? 1 : 0);
      }
    }
  }

  @Test
  void find_everyWindowOrderAndAlignment_asALookAtEachPlace() {
    for (long seed = 1; seed <= 15; seed++) {
      scramble(Regions.random(seed), seed % 4 != 0);
      for (int lo = first; lo < END; lo++) {
        for (int hi = lo + 1; hi <= END; hi += hi < lo + 9 ? 1 : 3) {
          for (int order = 0; order <= MAX_ORDER; order++) {
            for (int alignOrder = 0; alignOrder <= MAX_ORDER; alignOrder++) {
              for (int kind = 0; kind < 2; kind++) {
                check(kind, order, alignOrder, lo, hi, true);
                check(kind, order, alignOrder, lo, hi, false);
              }
            }
          }
        }
      }
    }
  }

  private void check(int kind, int order, int alignOrder, int lo, int hi, boolean topDown) {
    int align = 1 << Math.max(order, alignOrder);
    int expected =
        topDown
            ? highest(kind, 1 << order, align, lo, hi)
            : smallest(kind, order, alignOrder, lo, hi);
    int found = search.find(kind, order, alignOrder, lo, hi, topDown);
    if (found != expected) {
      assertThat(found)
          .as(
              "kind %d order %d align %d [%d, %d) %b:%s",
              kind, order, alignOrder, lo, hi, topDown, blocks)
          .isEqualTo(expected);
    }
  }

  private boolean isFree(int kind, int start, int chunks) {
    int head = blocks.headOf(start);
    return blocks.isFree(head) && blocks.kind(head) == kind && start + chunks <= blocks.endOf(head);
  }

  private int highest(int kind, int chunks, int align, int lo, int hi) {
    for (int at = hi - chunks; at >= lo; at--) {
      if (at % align == 0 && isFree(kind, at, chunks)) {
        return at;
      }
    }
    return BuddySearch.NONE;
  }

  private int lowest(int kind, int chunks, int align, int lo, int hi) {
    for (int at = lo; at + chunks <= hi; at++) {
      if (at % align == 0 && isFree(kind, at, chunks)) {
        return at;
      }
    }
    return BuddySearch.NONE;
  }

  /** The lowest of the smallest blocks inside; else in the block at the lower, then upper edge. */
  private int smallest(int kind, int order, int alignOrder, int lo, int hi) {
    for (int at = order; at <= MAX_ORDER; at++) {
      for (int head = first; head < END; head = blocks.endOf(head)) {
        if (blocks.isFree(head)
            && blocks.kind(head) == kind
            && blocks.order(head) == at
            && head >= lo
            && blocks.endOf(head) <= hi
            && head % (1 << alignOrder) == 0) {
          return head;
        }
      }
    }
    return lowest(kind, 1 << order, 1 << Math.max(order, alignOrder), lo, hi);
  }

  @Test
  void findRun_everyWindowLengthAndAlignment_asALookAtEachPlace() {
    for (long seed = 1; seed <= 15; seed++) {
      scramble(Regions.random(seed), seed % 2 == 0);
      for (int lo = first; lo < END; lo += 2) {
        for (int hi = lo + 1; hi <= END; hi += 2) {
          for (int chunks = 1; chunks <= END - first; chunks++) {
            for (int align = 1; align <= 32; align <<= 1) {
              for (long origin : new long[] {0, 96}) {
                checkRun(chunks, align, origin, lo, hi);
              }
            }
          }
        }
      }
    }
  }

  private void checkRun(int chunks, int align, long origin, int lo, int hi) {
    int low = BuddySearch.NONE;
    int high = BuddySearch.NONE;
    for (int at = lo; at + chunks <= hi; at++) {
      if ((origin + at) % align == 0 && runFrom(at) >= chunks) {
        low = low < 0 ? at : low;
        high = at;
      }
    }
    int foundLow = search.findRun(chunks, align, origin, lo, hi, false);
    int foundHigh = search.findRun(chunks, align, origin, lo, hi, true);
    if (foundLow != low || foundHigh != high) {
      assertThat(new int[] {foundLow, foundHigh})
          .as("%d at %d + %d [%d, %d):%s", chunks, align, origin, lo, hi, blocks)
          .containsExactly(low, high);
    }
  }

  private int runFrom(int at) {
    int past = at;
    while (past < END && blocks.isFree(blocks.headOf(past))) {
      past++;
    }
    return past - at;
  }

  @Test
  void longestRun_everyScramble_asALookAtEachPlace() {
    for (long seed = 1; seed <= 150; seed++) {
      scramble(Regions.random(seed), seed % 4 == 0);
      int longest = 0;
      for (int at = first; at < END; at++) {
        longest = Math.max(longest, runFrom(at));
      }
      assertThat(search.longestRun(false)).as("seed %d:%s", seed, blocks).isEqualTo(longest);
      assertThat(search.longestRun(true)).as("seed %d:%s", seed, blocks).isEqualTo(longest);
    }
    blocks.reset(BuddyBlocks.CLEARED);
    assertThat(search.longestRun(false)).isEqualTo(END - first);
    assertThat(blocks.clearedChunks()).isEqualTo(END - first);
  }
}
