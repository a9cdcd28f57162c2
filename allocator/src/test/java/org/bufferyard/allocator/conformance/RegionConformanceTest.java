package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.allocator.region.BuddyBlock;
import org.bufferyard.allocator.region.BuddyMm;
import org.bufferyard.allocator.region.BuddyRequest;
import org.bufferyard.allocator.region.Regions;
import org.junit.jupiter.api.Test;

/**
 * The i915 memory region self-tests, {@code drivers/gpu/drm/i915/selftests/intel_memory_region.c},
 * as inputs and outcomes, on a mock region of 2 GiB with pages of 4 KiB.
 *
 * <table>
 * <caption>Divergences</caption>
 * <tr><td>REG contiguous whole</td><td>A contiguous allocation of the whole region of (4 GiB - 1)
 * rounded down to a page succeeds, because neighbouring roots are joined, as BUD21 demands; i915
 * rounds it up to 4 GiB first and refuses.</td></tr>
 * <tr><td>REG max segment</td><td>A block may exceed the longest segment; the scatterlist builder
 * splits it. Here the count of segments is checked by arithmetic.</td></tr>
 * </table>
 */
class RegionConformanceTest {
  private static final long GIB_PAGES = 1L << 18;
  private static final long BASE = 0x100000;

  private static BuddyAllocator region() {
    return new BuddyAllocator(BASE, 2 * GIB_PAGES);
  }

  @Test
  void REG_fill_primeSizesNeverFailWhileSpaceRemains() {
    for (int prime : List.of(2, 3, 5, 1021, 65537)) {
      BuddyAllocator region = region();
      List<Extents> held = new ArrayList<>();
      while (region.freePages() >= prime) {
        held.add(take(region, AllocationRequest.of(prime)));
      }
      assertThat(refused(region.allocate(AllocationRequest.of(prime)))).isEqualTo(Errno.ENOSPC);
      assertThat(region.freePages()).isEqualTo(2 * GIB_PAGES % prime);
      held.forEach(extents -> done(region.free(extents)));
      assertThat(region.largestFreePages()).isEqualTo(2 * GIB_PAGES);
    }
  }

  @Test
  void REG_contiguous_smallestLargestAndRandomSizesAreOneExactRun() {
    RandomGenerator random = Regions.random(1);
    BuddyAllocator region = region();
    for (int time = 0; time < 100; time++) {
      long pages =
          switch (time) {
            case 0 -> 1;
            case 1 -> 2 * GIB_PAGES;
            default -> 1 + random.nextLong(2 * GIB_PAGES);
          };
      Extents run = take(region, AllocationRequest.of(pages).asContiguous());
      assertThat(run.runs()).isOne();
      assertThat(run.totalPages()).isEqualTo(pages);
      done(region.free(run));
    }
  }

  @Test
  void REG_fragmented_halfIsLeftInHolesOfSixtyFourKib() {
    BuddyAllocator region = region();
    List<Extents> objects = new ArrayList<>();
    while (region.freePages() > 0) {
      objects.add(take(region, AllocationRequest.of(16).asContiguous()));
    }
    objects.sort((one, other) -> Long.compare(one.pfn(0), other.pfn(0)));
    for (int index = 0; index < objects.size(); index += 2) {
      done(region.free(objects.get(index)));
    }
    assertThat(refused(region.allocate(AllocationRequest.of(17).asContiguous())))
        .isEqualTo(Errno.ENOSPC);
    done(region.free(take(region, AllocationRequest.of(16).asContiguous())));
    Extents half = take(region, AllocationRequest.of(GIB_PAGES));
    assertThat(half.runs()).isEqualTo((int) (GIB_PAGES / 16));
    assertThat(region.freePages()).isZero();
  }

  @Test
  void REG_wholeOddRegion_maxOrderIsFloorOfLog2() {
    long pages = 4 * GIB_PAGES - 1;
    assertThat(done(BuddyMm.create(pages << 12, 4096)).maxOrder()).isEqualTo(19);
    BuddyAllocator region = new BuddyAllocator(0, pages);
    Extents whole = take(region, AllocationRequest.of(pages));
    assertThat(whole.totalPages()).isEqualTo(pages);
    done(region.free(whole));
    Extents contiguous = take(region, AllocationRequest.of(pages).asContiguous());
    assertThat(contiguous.runs()).isOne();
    done(region.free(contiguous));
    assertThat(take(region, AllocationRequest.of(2 * GIB_PAGES).asContiguous()).runs()).isOne();
  }

  @Test
  void REG_maxSegment_largestBlockReachesItAndSegmentsStayBelow() {
    long size = 8L << 30;
    long maxSegment = 0xffff_f000L;
    List<BuddyBlock> blocks =
        done(done(BuddyMm.create(size, 4096)).allocate(new BuddyRequest(0, size, size, 4096, 0)));
    assertThat(blocks).hasSize(1);
    assertThat(blocks.getFirst().sizeBytes()).isGreaterThanOrEqualTo(maxSegment);
    long segments = (size + maxSegment - 1) / maxSegment;
    assertThat(segments).isEqualTo(3);
    assertThat((size + segments - 1) / segments).isLessThanOrEqualTo(maxSegment);
  }
}
