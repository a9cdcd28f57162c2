package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.region.PagePools.Chunk;
import org.junit.jupiter.api.Test;

/** The words of a refusal, and the edges of the regions that keep whole runs or pools of pages. */
class RequestLimitsTest {
  private static final AllocationRequest ONE = AllocationRequest.of(1);

  private static Refusal refusal(RegionAllocator region, AllocationRequest request) {
    return ((Outcome.Refused<Extents>) region.allocate(request)).refusal();
  }

  @Test
  void allocate_full_saysWhatWasAskedAndWhatWouldHelp() {
    CarveOutAllocator region = new CarveOutAllocator(100, 16);
    take(region, ONE.within(104, 104));
    assertThat(refusal(region, AllocationRequest.of(17)).wouldHelp())
        .isEqualTo("a region of at least 17 pages");
    assertThat(refusal(region, AllocationRequest.of(16)).wouldHelp()).isEqualTo("freeing 1 pages");
    assertThat(refusal(region, AllocationRequest.of(15)).wouldHelp())
        .isEqualTo("freeing pages next to a hole, or a wider window, or no contiguity");
    String held = "asked 15 contiguous pages, free 15 of 16, largest hole 11";
    assertThat(refusal(region, AllocationRequest.of(15)).reason()).isEqualTo(held);
    assertThat(refusal(region, AllocationRequest.of(15).alignedTo(2)).reason())
        .isEqualTo(held + ", aligned to 2");
    assertThat(refusal(region, AllocationRequest.of(15).within(1, Long.MAX_VALUE)).reason())
        .isEqualTo(held + ", frames 1 to 9223372036854775807");
    assertThat(refusal(region, AllocationRequest.of(15).within(0, 500)).reason())
        .isEqualTo(held + ", frames 0 to 500");
  }

  @Test
  void allocate_scattered_isNotSaidToBeContiguous() {
    BuddyAllocator region = new BuddyAllocator(0, 4);
    assertThat(refusal(region, AllocationRequest.of(5)).reason())
        .isEqualTo("asked 5 pages, free 4 of 4, largest hole 4");
  }

  @Test
  void allocate_malformed_quotesTheRequest() {
    AllocationRequest wrong = ONE.alignedTo(0);
    assertThat(refusal(new CarveOutAllocator(0, 8), wrong).reason())
        .isEqualTo(
            "pages must be positive, alignPages a power of two and minPfn at most maxPfn: "
                + wrong);
    assertThat(refusal(new BuddyAllocator(0, 8), wrong).reason()).endsWith(wrong.toString());
    assertThat(Requests.malformed(ONE.within(3, 3))).isFalse();
    assertThat(Requests.malformed(ONE.within(3, 2))).isTrue();
    assertThat(Requests.malformed(ONE.alignedTo(Long.MIN_VALUE))).isTrue();
  }

  @Test
  void carveOut_windowOfOneFrame_isThatFrame() {
    CarveOutAllocator region = new CarveOutAllocator(100, 16);
    assertThat(take(region, ONE.within(115, 115))).isEqualTo(Extents.of(115, 1));
    assertThat(refusal(region, ONE.within(115, 115)).errno()).isEqualTo(Errno.ENOSPC);
    assertThat(take(region, ONE.within(110, Long.MAX_VALUE).fromTop()))
        .isEqualTo(Extents.of(114, 1));
  }

  @Test
  void carveOut_covers_fromTheFirstFrameOfARunToItsLast() {
    CarveOutAllocator region = new CarveOutAllocator(8, 16);
    take(region, AllocationRequest.of(4).within(10, 13));
    assertThat(region.covers(9)).isFalse();
    assertThat(region.covers(10)).isTrue();
    assertThat(region.covers(13)).isTrue();
    assertThat(region.covers(14)).isFalse();
  }

  @Test
  void carveOut_freeOfSeveralRuns_givesBackEach() {
    CarveOutAllocator region = new CarveOutAllocator(0, 16);
    Extents one = take(region, AllocationRequest.of(3));
    take(region, ONE);
    Extents two = take(region, AllocationRequest.of(5));
    Extents both = new Extents.Builder().add(two.pfn(0), 5).add(one.pfn(0), 3).build();
    Extents thrice = new Extents.Builder().add(0, 3).add(4, 5).add(0, 3).build();
    assertThat(reason(region.free(thrice)))
        .isEqualTo("frame 0 does not start an allocated run, freeing " + thrice);
    assertThat(region.freePages()).isEqualTo(7);
    done(region.free(both));
    assertThat(region.freePages()).isEqualTo(15);
    assertThat(region.largestFreePages()).isEqualTo(12);
  }

  @Test
  void contiguousPool_pageLentNextToARun_isIdleOnceReturned() {
    ContiguousPool pool = new ContiguousPool(100, 4);
    done(pool.lend());
    done(pool.claim(AllocationRequest.of(3)));
    assertThat(pool.awaitedPages()).isZero();
    assertThat(reason(pool.lend())).isEqualTo("no idle page to lend of 4");
    assertThat(pool.largestFreePages()).isOne();
    done(pool.returned(103));
    assertThat(done(pool.lend())).isEqualTo(Extents.of(103, 1));
    assertThat(reason(pool.returned(104))).isEqualTo("frame 104 is not lent");
    assertThat(reason(pool.returned(99))).isEqualTo("frame 99 is not lent");
    done(pool.returned(103));
    done(pool.free(Extents.of(100, 3)));
    assertThat(take(pool, AllocationRequest.of(4))).isEqualTo(Extents.of(100, 4));
    assertThat(reason(new ContiguousPool(0, 64).returned(64))).isEqualTo("frame 64 is not lent");
  }

  @Test
  void contiguousPool_lowestPage_isLentAndReturned() {
    ContiguousPool pool = new ContiguousPool(0, 1);
    assertThat(done(pool.lend())).isEqualTo(Extents.of(0, 1));
    assertThat(refused(pool.allocate(ONE))).isEqualTo(Errno.EBUSY);
    done(pool.returned(0));
    assertThat(take(pool, ONE)).isEqualTo(Extents.of(0, 1));
    assertThat(refused(pool.allocate(ONE))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void scattered_framesHeldByTheSystem_areNamedAndTheirNeighboursAreFreed() {
    int lowestHeld = 0;
    for (long seed = 1; seed <= 8; seed++) {
      long base = seed % 2 * 1000;
      ScatteredAllocator heap = ScatteredAllocator.fragmented(base, 40, 50, Regions.random(seed));
      List<Long> taken = new ArrayList<>();
      while (heap.freePages() > 0) {
        taken.add(take(heap, ONE).pfn(0));
      }
      assertThat(taken).hasSize(20);
      lowestHeld += taken.contains(base) ? 0 : 1;
      for (long pfn = base; pfn < base + 40; pfn++) {
        Outcome<Extents> freed = heap.free(Extents.of(pfn, 1));
        if (taken.contains(pfn)) {
          done(freed);
        } else {
          assertThat(reason(freed))
              .isEqualTo("frame " + pfn + " is held by the system, freeing [" + pfn + "+1]");
        }
      }
      assertThat(heap.freePages()).isEqualTo(20);
    }
    assertThat(lowestHeld).isPositive();
  }

  @Test
  void scattered_freeOutsideTheHeap_isEinvalNamingTheFrame() {
    ScatteredAllocator heap = ScatteredAllocator.fragmented(10, 10, 0, Regions.random(1));
    Extents all = take(heap, AllocationRequest.of(10));
    assertThat(reason(heap.free(Extents.of(20, 1)))).startsWith("frame 20 is not the whole");
    assertThat(reason(heap.free(Extents.of(9, 1)))).startsWith("frame 9 is not the whole");
    done(heap.free(all));
    assertThat(heap.largestFreePages()).isEqualTo(10);
  }

  @Test
  void fragmented_noneHeld_stillTakesPagesFromAllOverTheRegion() {
    ScatteredAllocator heap = ScatteredAllocator.fragmented(0, 1 << 12, 0, Regions.random(2));
    long highest = 0;
    long lowest = Long.MAX_VALUE;
    for (int page = 0; page < 32; page++) {
      long pfn = take(heap, ONE).pfn(0);
      highest = Math.max(highest, pfn);
      lowest = Math.min(lowest, pfn);
    }
    assertThat(highest - lowest).isGreaterThan(1 << 9);
  }

  /** Most draws hit a page held before, from the lowest frame on, and take another. */
  @Test
  void fragmented_ninetyPercent_holdsExactlyThatManyPages() {
    for (long seed = 1; seed <= 20; seed++) {
      for (long base : new long[] {0, 7}) {
        ScatteredAllocator heap = ScatteredAllocator.fragmented(base, 20, 90, Regions.random(seed));
        assertThat(heap.totalPages()).isEqualTo(2);
        assertThat(heap.freePages()).isEqualTo(2);
        Extents rest = take(heap, AllocationRequest.of(2));
        done(heap.free(rest));
      }
    }
  }

  @Test
  void pools_limit_isReachedAndNotPassed() {
    BuddyAllocator region = new BuddyAllocator(0, 64);
    PagePools pools = new PagePools(region, 8);
    List<Chunk> nine = done(pools.allocate(9, Caching.CACHED));
    assertThat(nine.stream().map(Chunk::order)).containsExactly(3, 0);
    pools.free(nine);
    assertThat(pools.pooledPages()).isEqualTo(8);
    assertThat(region.freePages()).isEqualTo(56);
    assertThat(done(pools.allocate(8, Caching.CACHED))).isEqualTo(nine.subList(0, 1));
    assertThat(pools.pooledPages()).isZero();
  }

  @Test
  void pools_onlySinglePagesLeft_takesThose() {
    CarveOutAllocator region = new CarveOutAllocator(0, 8);
    for (long pfn = 1; pfn < 8; pfn += 2) {
      take(region, ONE.within(pfn, pfn));
    }
    PagePools pools = new PagePools(region, 8);
    assertThat(done(pools.allocate(1, Caching.CACHED))).hasSize(1);
    assertThat(done(pools.allocate(3, Caching.CACHED)).stream().map(Chunk::pfn))
        .containsExactly(2L, 4L, 6L);
  }

  @Test
  void pools_shrink_takesSmallOrdersFirstAndNoMoreThanAsked() {
    BuddyAllocator region = new BuddyAllocator(0, 64);
    PagePools pools = new PagePools(region, 64);
    pools.free(done(pools.allocate(7, Caching.CACHED)));
    assertThat(pools.shrink(0)).isZero();
    assertThat(pools.shrink(2)).isEqualTo(3);
    assertThat(pools.pooledChunks(Caching.CACHED, 2)).isOne();
    assertThat(pools.pooledChunks(Caching.CACHED, 0)).isZero();
    assertThat(pools.pooledPages()).isEqualTo(4);
    assertThat(pools.shrink(4)).isEqualTo(4);
    assertThat(region.freePages()).isEqualTo(64);
  }

  @Test
  void pools_largestOrderOnly_isShrunkToo() {
    BuddyAllocator region = new BuddyAllocator(0, 1 << 10);
    PagePools pools = new PagePools(region, 1 << 10);
    pools.free(done(pools.allocate(1 << 10, Caching.UNCACHED)));
    assertThat(pools.pooledChunks(Caching.UNCACHED, PagePools.ORDER_MAX)).isOne();
    assertThat(pools.shrink(1)).isEqualTo(1 << 10);
  }

  @Test
  void pools_short_everyChunkGoesBackWhereItCameFrom() {
    BuddyAllocator region = new BuddyAllocator(0, 16);
    PagePools pools = new PagePools(region, 16);
    pools.free(done(pools.allocate(4, Caching.CACHED)));
    pools.free(done(pools.allocate(2, Caching.UNCACHED)));
    Outcome.Refused<List<Chunk>> refused =
        (Outcome.Refused<List<Chunk>>) pools.allocate(15, Caching.CACHED);
    assertThat(refused.refusal().errno()).isEqualTo(Errno.ENOSPC);
    assertThat(refused.refusal().wouldHelp()).isEqualTo("shrinking the pools, which hold 6 pages");
    assertThat(pools.pooledChunks(Caching.CACHED, 2)).isOne();
    assertThat(pools.pooledChunks(Caching.UNCACHED, 1)).isOne();
    assertThat(region.freePages()).isEqualTo(10);
    assertThat(pools.shrink(16)).isEqualTo(6);
    Outcome.Refused<List<Chunk>> empty =
        (Outcome.Refused<List<Chunk>>) pools.allocate(17, Caching.CACHED);
    assertThat(empty.refusal().wouldHelp()).isEqualTo("freeing 1 pages");
    assertThat(reason(pools.allocate(0, Caching.CACHED)))
        .isEqualTo("pages must be positive, pages=0");
  }
}
