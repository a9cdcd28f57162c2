package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** Where the buddy puts a request, and what it does at the edges of region, window and lists. */
class BuddyLimitsTest {
  private static final AllocationRequest ONE = AllocationRequest.of(1);

  private static AllocationRequest run(long pages) {
    return AllocationRequest.of(pages).asContiguous();
  }

  private static long parked(BuddyAllocator buddy) {
    return buddy.toString().split("parked", -1).length - 1L;
  }

  @Test
  void toString_everyState_isWordedOnce() {
    BuddyAllocator buddy = new BuddyAllocator(0, 64);
    Extents page = take(buddy, ONE);
    take(buddy, run(7).within(8, 63));
    done(buddy.free(page));
    assertThat(buddy)
        .hasToString(" parked 0 free 0 free 1 free 2 used 2+used 1+used 0 free 0 free 4 free 5");
    BuddyBlocks blocks = new BuddyBlocks(0, 4, 2);
    blocks.reset(BuddyBlocks.CLEARED);
    assertThat(blocks).hasToString(" free cleared 2");
  }

  @Test
  void constructor_regionAtTheLastFrame_isUsed() {
    BuddyAllocator last = new BuddyAllocator(Long.MAX_VALUE - 1, 1);
    assertThat(take(last, ONE).pfn(0)).isEqualTo(Long.MAX_VALUE - 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BuddyAllocator(Long.MAX_VALUE - 1, 2))
        .withMessage("region out of range, basePfn=9223372036854775806, pages=2");
    BuddyAllocator high = new BuddyAllocator((1L << 40) + 3, 13);
    assertThat(take(high, run(13))).isEqualTo(Extents.of((1L << 40) + 3, 13));
    assertThat(high.totalPages()).isEqualTo(13);
  }

  /** Free: one page at 1, two at 2, four at 4, eight at 8. */
  private static BuddyAllocator sixteenLessTheFirst() {
    BuddyAllocator buddy = new BuddyAllocator(0, 16);
    take(buddy, ONE.within(0, 0));
    return buddy;
  }

  @Test
  void allocate_contiguous_isCutFromTheSmallestBlockThatHoldsIt() {
    assertThat(take(sixteenLessTheFirst(), run(3)).pfn(0)).isEqualTo(4);
    assertThat(take(sixteenLessTheFirst(), run(4)).pfn(0)).isEqualTo(4);
    assertThat(take(sixteenLessTheFirst(), run(5)).pfn(0)).isEqualTo(8);
    assertThat(take(sixteenLessTheFirst(), run(2)).pfn(0)).isEqualTo(2);
    assertThat(take(sixteenLessTheFirst(), run(9)).pfn(0)).isEqualTo(1);
    assertThat(take(sixteenLessTheFirst(), run(15)).pfn(0)).isOne();
    assertThat(refused(sixteenLessTheFirst().allocate(run(16)))).isEqualTo(Errno.ENOSPC);
    assertThat(take(new BuddyAllocator(4, 12), run(8)).pfn(0)).isEqualTo(8);
  }

  @Test
  void allocate_contiguousFromTheTop_endsWithTheHighestBlock() {
    assertThat(take(sixteenLessTheFirst(), run(3).fromTop()).pfn(0)).isEqualTo(13);
    assertThat(take(sixteenLessTheFirst(), run(3).alignedTo(2).fromTop()).pfn(0)).isEqualTo(12);
    assertThat(take(new BuddyAllocator(0, 4), run(3).fromTop()).pfn(0)).isOne();
    assertThat(take(new BuddyAllocator(0, 6), run(4).fromTop()).pfn(0)).isZero();
    assertThat(take(new BuddyAllocator(0, 6), run(5)).pfn(0)).isZero();
    assertThat(take(new BuddyAllocator(0, 6), run(5).fromTop()).pfn(0)).isOne();
  }

  @Test
  void allocate_alignmentOfTheWholeRegion_orAboveIt() {
    AllocationRequest four = AllocationRequest.of(4);
    assertThat(take(new BuddyAllocator(0, 24), four.alignedTo(16).fromTop()).pfn(0)).isEqualTo(16);
    assertThat(take(new BuddyAllocator(0, 6), AllocationRequest.of(5).alignedTo(8)))
        .isEqualTo(Extents.of(0, 5));
    assertThat(refused(new BuddyAllocator(8, 6).allocate(four.alignedTo(16))))
        .isEqualTo(Errno.ENOSPC);
    assertThat(take(new BuddyAllocator(12, 16), four.alignedTo(16))).isEqualTo(Extents.of(16, 4));
    assertThat(take(new BuddyAllocator(32, 16), four.alignedTo(32))).isEqualTo(Extents.of(32, 4));
  }

  @Test
  void allocate_windowOfExactlyTheSize_isFilled() {
    for (long base : new long[] {0, 5, 64}) {
      BuddyAllocator buddy = new BuddyAllocator(base, 32);
      AllocationRequest seven = AllocationRequest.of(7);
      String before = buddy.toString();
      assertThat(refused(buddy.allocate(seven.within(base + 3, base + 8)))).isEqualTo(Errno.ENOSPC);
      assertThat(buddy).hasToString(before);
      assertThat(take(buddy, seven.within(base + 3, base + 9)).totalPages()).isEqualTo(7);
      assertThat(refused(buddy.allocate(ONE.within(base + 3, base + 9)))).isEqualTo(Errno.ENOSPC);
      assertThat(take(buddy, ONE.within(0, base))).isEqualTo(Extents.of(base, 1));
      assertThat(take(buddy, ONE.within(base + 31, base + 32)).pfn(0)).isEqualTo(base + 31);
      assertThat(refused(buddy.allocate(ONE.within(base + 32, base + 32)))).isEqualTo(Errno.ENOSPC);
    }
    assertThat(take(new BuddyAllocator(0, 8), run(8).within(0, 8).fromTop()).pfn(0)).isZero();
  }

  /**
   * Of four equal blocks the third and another are freed: a parked one comes back, newest first.
   */
  @Test
  void free_blockOfACommonOrder_isHandedOutNext() {
    for (int order : new int[] {0, 2, 10, 11}) {
      for (int other : new int[] {0, 1, 3}) {
        long size = 1L << order;
        long base = 1L << 20;
        BuddyAllocator buddy = new BuddyAllocator(base, 1L << 15);
        List<Extents> held = new ArrayList<>();
        for (int block = 0; block < 4; block++) {
          held.add(take(buddy, AllocationRequest.of(size)));
        }
        done(buddy.free(held.get(2)));
        done(buddy.free(held.get(other)));
        long expected = order <= 10 ? other : Math.min(2, other);
        assertThat(take(buddy, AllocationRequest.of(size).alignedTo(size)).pfn(0))
            .as("order %d, other %d", order, other)
            .isEqualTo(base + expected * size);
      }
    }
  }

  @Test
  void free_lastBlockOfTheRegion_isHandedOutNextWhereTheWindowHoldsIt() {
    BuddyAllocator buddy = new BuddyAllocator(16, 64);
    done(buddy.free(take(buddy, ONE.within(79, 79))));
    assertThat(parked(buddy)).isOne();
    assertThat(take(buddy, ONE.within(16, 78)).pfn(0)).isNotEqualTo(79);
    assertThat(take(buddy, ONE.within(17, 79)).pfn(0)).isNotEqualTo(79);
    assertThat(take(buddy, ONE.within(0, 79).fromTop()).pfn(0)).isNotEqualTo(79);
    assertThat(take(buddy, ONE.alignedTo(2)).pfn(0)).isNotEqualTo(79);
    assertThat(take(buddy, ONE.within(16, 79)).pfn(0)).isEqualTo(79);
    done(buddy.free(Extents.of(79, 1)));
    assertThat(take(buddy, ONE.within(0, Long.MAX_VALUE)).pfn(0)).isEqualTo(79);
  }

  @Test
  void free_oneEighthOfTheRegion_isParkedAndNoMore() {
    BuddyAllocator whole = new BuddyAllocator(0, 64);
    Extents eight = take(whole, AllocationRequest.of(8));
    Extents one = take(whole, ONE);
    Extents two = take(whole, AllocationRequest.of(2));
    done(whole.free(eight));
    done(whole.free(one));
    done(whole.free(two));
    assertThat(parked(whole)).isOne();
    assertThat(whole.freePages()).isEqualTo(64);
    assertThat(whole.largestFreePages()).isEqualTo(64);
    BuddyAllocator odd = new BuddyAllocator(24, 16);
    List<Extents> pages = new ArrayList<>();
    for (int page = 0; page < 4; page++) {
      pages.add(take(odd, ONE));
    }
    pages.forEach(page -> done(odd.free(page)));
    assertThat(parked(odd)).isEqualTo(2);
    assertThat(take(odd, run(16))).isEqualTo(Extents.of(24, 16));
  }

  @Test
  void free_moreBlocksThanAListKeeps_mergesTheRest() {
    int depth = 1 << 13;
    BuddyAllocator buddy = new BuddyAllocator(0, 1 << 17);
    List<Extents> held = new ArrayList<>();
    for (int page = 0; page < depth + 100; page++) {
      held.add(take(buddy, ONE));
    }
    for (int page = 0; page < 65; page++) {
      done(buddy.free(held.get(page)));
    }
    assertThat(parked(buddy)).isEqualTo(65);
    for (int page = 64; page >= 0; page--) {
      assertThat(take(buddy, ONE)).isEqualTo(held.get(page));
    }
    held.forEach(page -> done(buddy.free(page)));
    assertThat(parked(buddy)).isEqualTo(depth);
    assertThat(buddy.freePages()).isEqualTo(1 << 17);
    assertThat(take(buddy, run(1 << 17)).runs()).isOne();
  }

  @Test
  void free_twiceOrInPart_isEinvalForLargeBlocksAndRunsToo() {
    BuddyAllocator small = new BuddyAllocator(0, 64);
    Extents half = take(small, run(32));
    assertThat(refused(small.free(Extents.of(0, 16)))).isEqualTo(Errno.EINVAL);
    done(small.free(half));
    assertThat(refused(small.free(half))).isEqualTo(Errno.EINVAL);
    BuddyAllocator large = new BuddyAllocator(0, 1 << 13);
    Extents block = take(large, run(1 << 12));
    assertThat(refused(large.free(Extents.of(0, 1 << 11)))).isEqualTo(Errno.EINVAL);
    assertThat(refused(large.free(Extents.of(1 << 11, 1 << 11)))).isEqualTo(Errno.EINVAL);
    done(large.free(block));
    assertThat(reason(large.free(block)))
        .isEqualTo("frame 0 is not the whole of an allocated run, freeing [0+4096]");
    assertThat(large.freePages()).isEqualTo(1 << 13);
  }

  @Test
  void free_oneOfTwoRuns_leavesTheOtherWhole() {
    BuddyAllocator buddy = new BuddyAllocator(128, 64);
    Extents first = take(buddy, run(7));
    Extents second = take(buddy, run(7));
    done(buddy.free(first));
    long start = second.pfn(0);
    long[][] partsAndFrames = {
      {0, 4, 4},
      {4, 2, 4},
      {6, 1, 6},
      {0, 6, 6},
      {0, 3, 0},
      {0, 5, 4},
      {1, 6, 1},
      {0, 8, 7},
      {-128, 1, -128},
      {56, 1, 56}
    };
    String before = buddy.toString();
    for (long[] part : partsAndFrames) {
      assertThat(reason(buddy.free(Extents.of(start + part[0], part[1]))))
          .startsWith("frame " + (start + part[2]) + " is not the whole of an allocated run");
      assertThat(buddy).hasToString(before);
    }
    Extents twice = new Extents.Builder().add(start, 7).add(300, 1).build();
    assertThat(reason(buddy.free(twice))).startsWith("frame 300 is not");
    twice = new Extents.Builder().add(start, 7).add(start, 7).build();
    assertThat(reason(buddy.free(twice))).startsWith("frame " + start + " is not");
    assertThat(buddy).hasToString(before);
    done(buddy.free(second));
    assertThat(buddy.largestFreePages()).isEqualTo(64);
  }

  @Test
  void free_manySingleBlocksBesideARun_keepsItsPiecesTogether() {
    BuddyAllocator buddy = new BuddyAllocator(0, 64);
    Extents seven = take(buddy, run(7));
    for (long pfn = 16; pfn < 64; pfn += 16) {
      done(buddy.free(take(buddy, run(16).within(pfn, pfn + 15))));
    }
    assertThat(refused(buddy.free(Extents.of(seven.pfn(0), 4)))).isEqualTo(Errno.EINVAL);
    done(buddy.free(seven));
  }

  @Test
  void blockList_runAtTheLastFrame_isTaken() {
    BlockList list = new BlockList();
    list.add(Long.MAX_VALUE - 1, 1);
    list.add(0, 1);
    assertThat(list.pfn(0)).isEqualTo(Long.MAX_VALUE - 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> list.add(Long.MAX_VALUE - 1, 2))
        .withMessage("run out of range, pfn=9223372036854775806, pages=2");
    assertThat(list.runs()).isEqualTo(2);
  }
}
