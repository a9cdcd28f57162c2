package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.region.Caching;
import org.bufferyard.allocator.region.PagePools;
import org.bufferyard.allocator.region.PagePools.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernel's page pool tests, {@code drivers/gpu/drm/ttm/tests/ttm_pool_test.c}, as inputs and
 * outcomes. Divergence: there is no second kind of pool for coherent DMA memory, so the cases with
 * and without it are one.
 */
class PoolConformanceTest {
  private static final long REGION = 1 << 14;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(ints = {0, 2, PagePools.ORDER_MAX + 1})
  void TPOOL01_firstChunkIsAsLargeAsPossible(int order) {
    PagePools pools = new PagePools(new BuddyAllocator(0, REGION), NO_LIMIT);
    List<Chunk> chunks = done(pools.allocate(1L << order, Caching.UNCACHED));
    assertThat(chunks.getFirst().order()).isEqualTo(Math.min(order, PagePools.ORDER_MAX));
    assertThat(chunks.stream().mapToLong(Chunk::pages).sum()).isEqualTo(1L << order);
    assertThat(chunks).allMatch(chunk -> chunk.caching() == Caching.UNCACHED);
  }

  @Test
  void TPOOL02_matchingChunkIsReusedAndMismatchLeavesThePoolAlone() {
    PagePools pools = new PagePools(new BuddyAllocator(0, REGION), NO_LIMIT);
    List<Chunk> first = done(pools.allocate(4, Caching.WRITE_COMBINED));
    pools.free(first);
    assertThat(pools.pooledChunks(Caching.WRITE_COMBINED, 2)).isOne();
    done(pools.allocate(4, Caching.CACHED));
    done(pools.allocate(1, Caching.WRITE_COMBINED));
    assertThat(pools.pooledChunks(Caching.WRITE_COMBINED, 2)).isOne();
    assertThat(done(pools.allocate(4, Caching.WRITE_COMBINED))).isEqualTo(first);
    assertThat(pools.pooledChunks(Caching.WRITE_COMBINED, 2)).isZero();
    assertThat(pools.pooledPages()).isZero();
  }

  @Test
  void TPOOL03_freePutsIntoThePoolUpToItsLimit() {
    BuddyAllocator region = new BuddyAllocator(0, REGION);
    PagePools pools = new PagePools(region, 8);
    List<Chunk> chunks = done(pools.allocate(11, Caching.CACHED));
    pools.free(chunks);
    assertThat(pools.pooledPages()).isEqualTo(8);
    assertThat(region.freePages()).isEqualTo(REGION - 8);
    Chunk foreign = new Chunk(3, 0, Caching.CACHED);
    assertThatThrownBy(() -> pools.free(List.of(foreign)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void TPOOL04_shrinkEmptiesThePools() {
    BuddyAllocator region = new BuddyAllocator(0, REGION);
    PagePools pools = new PagePools(region, NO_LIMIT);
    pools.free(done(pools.allocate(1023, Caching.CACHED)));
    pools.free(done(pools.allocate(5, Caching.UNCACHED)));
    assertThat(pools.shrink(1)).isOne();
    assertThat(pools.shrink(NO_LIMIT)).isEqualTo(1027);
    assertThat(pools.pooledPages()).isZero();
    assertThat(region.largestFreePages()).isEqualTo(REGION);
  }

  @Test
  void allocate_short_isEnospcAndChangesNothing() {
    BuddyAllocator region = new BuddyAllocator(0, 64);
    PagePools pools = new PagePools(region, NO_LIMIT);
    pools.free(done(pools.allocate(8, Caching.CACHED)));
    take(region, AllocationRequest.of(40));
    assertThat(refused(pools.allocate(25, Caching.CACHED))).isEqualTo(Errno.ENOSPC);
    assertThat(pools.pooledChunks(Caching.CACHED, 3)).isOne();
    assertThat(region.freePages()).isEqualTo(16);
    assertThat(refused(pools.allocate(0, Caching.CACHED))).isEqualTo(Errno.EINVAL);
    assertThat(done(pools.allocate(24, Caching.CACHED))).isNotEmpty();
  }
}
