package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.params.provider.ValueSource;

class CarveOutAllocatorTest {

  @Test
  void allocate_unasked_isContiguousAndFirstFit() {
    CarveOutAllocator region = new CarveOutAllocator(10, 30);
    Extents first = take(region, AllocationRequest.of(10));
    take(region, AllocationRequest.of(5));
    done(region.free(first));
    assertThat(take(region, AllocationRequest.of(4))).isEqualTo(Extents.of(10, 4));
    assertThat(take(region, AllocationRequest.of(8))).isEqualTo(Extents.of(25, 8));
    assertThat(reason(region.allocate(AllocationRequest.of(9))))
        .isEqualTo("asked 9 contiguous pages, free 13 of 30, largest hole 7");
  }

  @Test
  void free_anythingButWholeRuns_isEinvalAndChangesNothing() {
    CarveOutAllocator region = new CarveOutAllocator(0, 32);
    Extents held = take(region, AllocationRequest.of(8));
    Extents.Builder runs = new Extents.Builder();
    for (Extents wrong :
        List.of(
            Extents.of(0, 7),
            Extents.of(0, 9),
            Extents.of(1, 7),
            Extents.of(8, 8),
            runs.add(0, 8).add(0, 8).build(),
            runs.add(0, 8).add(16, 1).build())) {
      assertThat(refused(region.free(wrong))).isEqualTo(Errno.EINVAL);
      assertThat(region.freePages()).isEqualTo(24);
    }
    done(region.free(held));
    assertThat(refused(region.free(held))).isEqualTo(Errno.EINVAL);
    assertThat(region.largestFreePages()).isEqualTo(32);
  }

  @Test
  void allocate_malformed_isEinval() {
    CarveOutAllocator region = new CarveOutAllocator(0, 32);
    assertThat(refused(region.allocate(AllocationRequest.of(0)))).isEqualTo(Errno.EINVAL);
    assertThat(refused(region.allocate(AllocationRequest.of(1).alignedTo(3))))
        .isEqualTo(Errno.EINVAL);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void allocateAndFree_random_takesTheFirstFitOfABitmap(long seed) {
    RandomGenerator random = Regions.random(seed);
    CarveOutAllocator region = new CarveOutAllocator(7, 500);
    BitSet used = new BitSet();
    List<Extents> held = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      String where = "seed " + seed + ", step " + step;
      if (random.nextInt(100) < 45 && !held.isEmpty()) {
        Extents extents = held.remove(random.nextInt(held.size()));
        done(region.free(extents));
        Regions.flip(used, extents, 7, false);
        continue;
      }
      long min = random.nextLong(500);
      AllocationRequest request =
          new AllocationRequest(
              1 + random.nextInt(60),
              false,
              1L << random.nextInt(4),
              min,
              min + random.nextInt(500),
              random.nextBoolean());
      long expected = reference(used, request);
      switch (region.allocate(request)) {
        case Outcome.Done<Extents>(Extents extents) -> {
          assertThat(extents).as(where).isEqualTo(Extents.of(expected, request.pages()));
          Regions.flip(used, extents, 7, true);
          held.add(extents);
        }
        case Outcome.Refused<Extents> refused -> assertThat(expected).as(where).isNegative();
      }
      assertThat(region.freePages()).as(where).isEqualTo(500 - used.cardinality());
    }
  }

  /** The lowest, or top down the highest, aligned frame with room behind it; -1 for none. */
  private static long reference(BitSet used, AllocationRequest request) {
    long best = -1;
    for (long pfn = Math.max(7, request.minPfn()); pfn + request.pages() <= 507; pfn++) {
      int from = (int) pfn - 7;
      int firstUsed = used.nextSetBit(from);
      boolean free = firstUsed < 0 || firstUsed >= from + request.pages();
      boolean inside = pfn + request.pages() - 1 <= request.maxPfn();
      if (free && inside && pfn % request.alignPages() == 0 && (best < 0 || request.topDown())) {
        best = pfn;
      }
    }
    return best;
  }
}
