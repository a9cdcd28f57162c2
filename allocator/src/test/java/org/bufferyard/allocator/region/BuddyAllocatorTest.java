package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuddyAllocatorTest {
  private static final AllocationRequest ONE = AllocationRequest.of(1);

  @Test
  void allocate_wholeRegion_isOneRunAndLeavesNothing() {
    BuddyAllocator buddy = new BuddyAllocator(0x80000, 7 * 1024);
    assertThat(take(buddy, AllocationRequest.of(7 * 1024)))
        .isEqualTo(Extents.of(0x80000, 7 * 1024));
    assertThat(buddy.freePages()).isZero();
    assertThat(buddy.largestFreePages()).isZero();
    assertThat(refused(buddy.allocate(ONE))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void allocate_short_reasonGivesAskedFreeAndLargestHole() {
    BuddyAllocator buddy = new BuddyAllocator(0, 16);
    take(buddy, ONE.within(7, 7));
    assertThat(reason(buddy.allocate(AllocationRequest.of(10).asContiguous())))
        .isEqualTo("asked 10 contiguous pages, free 15 of 16, largest hole 8");
  }

  @Test
  void allocate_topDown_takesTheHighestFrames() {
    BuddyAllocator buddy = new BuddyAllocator(100, 1000);
    assertThat(take(buddy, AllocationRequest.of(8).fromTop())).isEqualTo(Extents.of(1088, 8));
    assertThat(take(buddy, AllocationRequest.of(4).fromTop())).isEqualTo(Extents.of(1096, 4));
    assertThat(take(buddy, AllocationRequest.of(3).asContiguous().fromTop()).highestPfn())
        .isEqualTo(1087);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, 10",
    "-1, 1, 0, 10",
    "1, 3, 0, 10",
    "1, 0, 0, 10",
    "1, -1, 0, 10",
    "1, 1, 5, 4",
    "1, 1, -1, 4",
    "1, -9223372036854775808, 0, 4",
  })
  void allocate_malformed_isEinvalAndChangesNothing(long pages, long align, long min, long max) {
    BuddyAllocator buddy = new BuddyAllocator(0, 64);
    AllocationRequest request = new AllocationRequest(pages, false, align, min, max, false);
    assertThat(refused(buddy.allocate(request))).isEqualTo(Errno.EINVAL);
    assertThat(buddy.freePages()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({"0, 99", "200, 300", "9223372036854775806, 9223372036854775807"})
  void allocate_windowOutsideRegion_isEnospc(long min, long max) {
    BuddyAllocator buddy = new BuddyAllocator(100, 100);
    assertThat(refused(buddy.allocate(ONE.within(min, max)))).isEqualTo(Errno.ENOSPC);
  }

  @ParameterizedTest
  @CsvSource({"-1, 4", "0, 0", "0, -5", "0, 1073741825", "9223372036854775807, 1"})
  void constructor_outOfRange_throws(long base, long pages) {
    assertThatThrownBy(() -> new BuddyAllocator(base, pages))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pages=" + pages);
  }

  @Test
  void free_foreignPartialOrTwice_isEinvalNamingTheFrameAndChangesNothing() {
    BuddyAllocator buddy = new BuddyAllocator(1000, 64);
    Extents held = take(buddy, AllocationRequest.of(6).asContiguous());
    Extents next = take(buddy, AllocationRequest.of(2).asContiguous());
    assertThat(held).isEqualTo(Extents.of(1000, 6));
    assertThat(next).isEqualTo(Extents.of(1006, 2));
    Extents.Builder runs = new Extents.Builder();
    List<Extents> wrong =
        List.of(
            Extents.of(1000, 4),
            Extents.of(1004, 2),
            Extents.of(1001, 5),
            Extents.of(1000, 7),
            Extents.of(1000, 9),
            Extents.of(1008, 8),
            Extents.of(0, 6),
            Extents.of(999, 7),
            Extents.of(5000, 1),
            Extents.of(1060, 8),
            Extents.of(Long.MAX_VALUE - 8, 4),
            runs.add(1000, 6).add(1000, 6).build(),
            runs.add(1006, 2).add(1000, 4).build(),
            runs.add(1000, 6).add(1020, 4).build());
    String before = buddy.toString();
    for (Extents extents : wrong) {
      assertThat(refused(buddy.free(extents))).as("%s", extents).isEqualTo(Errno.EINVAL);
      assertThat(buddy.toString()).as("%s", extents).isEqualTo(before);
    }
    assertThat(reason(buddy.free(Extents.of(1004, 2)))).startsWith("frame 1004 is not the whole");
    done(buddy.free(runs.add(1000, 6).add(1006, 2).build()));
    assertThat(refused(buddy.free(held))).isEqualTo(Errno.EINVAL);
    assertThat(take(buddy, AllocationRequest.of(64).asContiguous()).pfn(0)).isEqualTo(1000);
  }

  @Test
  void allocate_afterFree_handsTheSameBlockOutAgainAndMergesWhenShort() {
    BuddyAllocator buddy = new BuddyAllocator(0, 128);
    List<Extents> pages = new ArrayList<>();
    for (int page = 0; page < 128; page++) {
      pages.add(take(buddy, ONE));
    }
    pages.reversed().forEach(page -> done(buddy.free(page)));
    assertThat(buddy.freePages()).isEqualTo(128);
    assertThat(buddy.largestFreePages()).isEqualTo(128);
    assertThat(take(buddy, ONE).pfn(0)).isEqualTo(112);
    assertThat(take(buddy, ONE).pfn(0)).isEqualTo(113);
    assertThat(refused(buddy.free(Extents.of(114, 1)))).isEqualTo(Errno.EINVAL);
    assertThat(refused(buddy.free(Extents.of(114, 2)))).isEqualTo(Errno.EINVAL);
    assertThat(buddy.freePages()).isEqualTo(126);
    done(buddy.free(pages.get(112)));
    done(buddy.free(pages.get(113)));
    assertThat(take(buddy, AllocationRequest.of(128).asContiguous()).runs()).isOne();
  }

  @Test
  void free_everyOrderOfFiveRuns_restoresOneHole() {
    long[] sizes = {1, 2, 3, 5, 4};
    for (int permutation = 0; permutation < 120; permutation++) {
      BuddyAllocator buddy = new BuddyAllocator(3, 15);
      List<Extents> held = new ArrayList<>();
      for (long size : sizes) {
        held.add(take(buddy, AllocationRequest.of(size)));
      }
      assertThat(buddy.freePages()).isZero();
      int rest = permutation;
      while (!held.isEmpty()) {
        Extents extents = held.remove(rest % held.size());
        rest /= held.size() + 1;
        done(buddy.free(extents));
      }
      assertThat(buddy.largestFreePages()).as("permutation %d", permutation).isEqualTo(15);
      assertThat(take(buddy, AllocationRequest.of(15).asContiguous())).isEqualTo(Extents.of(3, 15));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void allocateAndFree_random_agreesWithBitmap(long seed) {
    RandomGenerator random = Regions.random(seed);
    long base = random.nextLong(5_000);
    int pages = 1 + random.nextInt(1_500);
    BuddyAllocator buddy = new BuddyAllocator(base, pages);
    BitSet used = new BitSet();
    List<Extents> held = new ArrayList<>();
    for (int step = 0; step < 3_000; step++) {
      String where = "seed " + seed + ", step " + step;
      if (random.nextInt(100) < 45 && !held.isEmpty()) {
        Extents extents = held.remove(random.nextInt(held.size()));
        done(buddy.free(extents));
        Regions.flip(used, extents, base, false);
      } else {
        AllocationRequest request = draw(random, base, pages);
        boolean possible = reference(used, base, pages, request);
        boolean compares = step % 2 == 0;
        if (compares) {
          buddy.settle();
        }
        String before = compares ? buddy.toString() : "";
        switch (buddy.allocate(request)) {
          case Outcome.Done<Extents>(Extents extents) -> {
            assertThat(possible).as(where + " " + request).isTrue();
            check(extents, request, where);
            Regions.flip(used, extents, base, true);
            held.add(extents);
          }
          case Outcome.Refused<Extents> refused -> {
            assertThat(refused.refusal().errno()).as(where).isEqualTo(Errno.ENOSPC);
            assertThat(compares ? buddy.toString() : "").as(where).isEqualTo(before);
            assertThat(possible).as(where + " " + request + refused.refusal()).isFalse();
          }
        }
      }
      assertThat(buddy.freePages()).as(where).isEqualTo(pages - used.cardinality());
      assertThat(buddy.largestFreePages()).as(where).isEqualTo(longestHole(used, pages));
    }
  }

  private static AllocationRequest draw(RandomGenerator random, long base, int pages) {
    long lowest = base + random.nextInt(pages);
    boolean bounded = random.nextInt(3) == 0;
    return new AllocationRequest(
        1 + random.nextInt(random.nextInt(4) == 0 ? pages : 1 + pages / 20),
        random.nextBoolean(),
        1L << Math.max(0, random.nextInt(12) - 6),
        bounded ? lowest : 0,
        bounded ? lowest + random.nextInt(pages) : Long.MAX_VALUE,
        random.nextBoolean());
  }

  private static void check(Extents extents, AllocationRequest request, String where) {
    assertThat(extents.totalPages()).as(where).isEqualTo(request.pages());
    assertThat(extents.highestPfn()).as(where).isLessThanOrEqualTo(request.maxPfn());
    assertThat(!request.contiguous() || extents.contiguous()).as(where).isTrue();
    for (int run = 0; run < extents.runs(); run++) {
      assertThat(extents.pfn(run)).as(where).isGreaterThanOrEqualTo(request.minPfn());
      assertThat(extents.pfn(run) % request.alignPages()).as(where).isZero();
    }
  }

  /**
   * Whether the request can be met. A contiguous one needs an aligned start with room behind it; a
   * scattered one the sum, over free runs, of what lies behind the first aligned frame of each.
   */
  private static boolean reference(BitSet used, long base, int pages, AllocationRequest request) {
    long usable = 0;
    int run = 0;
    for (int page = 0; page < pages; page++) {
      long pfn = base + page;
      boolean free = !used.get(page) && pfn >= request.minPfn() && pfn <= request.maxPfn();
      run = free && (run > 0 || pfn % request.alignPages() == 0) ? run + 1 : 0;
      usable += run > 0 ? 1 : 0;
      if (request.contiguous() && run >= request.pages()) {
        return true;
      }
    }
    return !request.contiguous() && usable >= request.pages();
  }

  private static long longestHole(BitSet used, int pages) {
    long longest = 0;
    for (int from = used.nextClearBit(0); from < pages; from = used.nextClearBit(from)) {
      int to = used.nextSetBit(from);
      to = to < 0 ? pages : to;
      longest = Math.max(longest, to - from);
      from = to;
    }
    return longest;
  }
}
