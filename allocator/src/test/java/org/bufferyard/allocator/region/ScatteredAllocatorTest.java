package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScatteredAllocatorTest {
  private static final long PAGES = 64 * 1024;

  @Test
  void allocate_wholeHeap_takesMebibytesThenSixtyFourKibThenPages() {
    ScatteredAllocator heap = ScatteredAllocator.whole(0, PAGES);
    take(heap, AllocationRequest.of(1));
    Extents extents = take(heap, AllocationRequest.of(256 + 16 + 1));
    assertThat(extents.pfn(0)).isEqualTo(256);
    assertThat(extents.pages(0)).isEqualTo(256);
    assertThat(extents.totalPages()).isEqualTo(273);
  }

  @Test
  void allocate_fragmentedHeap_isScatteredWithinTheRegion() {
    ScatteredAllocator heap = ScatteredAllocator.fragmented(0x100, PAGES, 10, Regions.random(7));
    assertThat(heap.totalPages()).isEqualTo(PAGES - PAGES / 10);
    assertThat(heap.freePages()).isEqualTo(heap.totalPages());
    Extents extents = take(heap, AllocationRequest.of(2048));
    assertThat(extents.totalPages()).isEqualTo(2048);
    assertThat(extents.runs()).isBetween(100, 160);
    assertThat(extents.highestPfn()).isLessThan(0x100 + PAGES);
  }

  @Test
  void allocate_sameSeedSameRequests_givesSameExtents() {
    List<List<Extents>> both = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      ScatteredAllocator heap = ScatteredAllocator.fragmented(0, PAGES, 5, Regions.random(11));
      List<Extents> held = new ArrayList<>();
      for (int buffer = 1; buffer < 40; buffer++) {
        held.add(take(heap, AllocationRequest.of(buffer * 7L)));
      }
      both.add(held);
    }
    assertThat(both.get(0)).isEqualTo(both.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30, 90})
  void allocate_untilFull_givesEveryPageOnceAndTakesItBack(int heldPercent) {
    ScatteredAllocator heap =
        ScatteredAllocator.fragmented(500, 5_000, heldPercent, Regions.random(heldPercent));
    BitSet used = new BitSet();
    List<Extents> held = new ArrayList<>();
    long total = heap.totalPages();
    while (heap.freePages() > 0) {
      Extents extents = take(heap, AllocationRequest.of(Math.min(heap.freePages(), 37)));
      Regions.flip(used, extents, 500, true);
      held.add(extents);
    }
    assertThat(used.cardinality()).isEqualTo((int) total);
    assertThat(refused(heap.allocate(AllocationRequest.of(1)))).isEqualTo(Errno.ENOSPC);
    held.forEach(extents -> done(heap.free(extents)));
    assertThat(heap.freePages()).isEqualTo(total);
  }

  @Test
  void free_framesTheSystemHolds_isEinvalAndChangesNothing() {
    ScatteredAllocator heap = ScatteredAllocator.fragmented(0, 100, 50, Regions.random(3));
    Extents held = take(heap, AllocationRequest.of(50));
    int refusals = 0;
    for (int page = 0; page < 100; page++) {
      refusals += heap.free(Extents.of(page, 1)) instanceof Outcome.Refused ? 1 : 0;
    }
    assertThat(refusals).isGreaterThanOrEqualTo(50);
    assertThat(heap.freePages()).isLessThanOrEqualTo(held.totalPages());
    assertThat(heap.totalPages()).isEqualTo(50);
  }

  @Test
  void fragmented_percentOutOfRange_throws() {
    assertThatThrownBy(() -> ScatteredAllocator.fragmented(0, 100, 91, Regions.random(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heldPercent=91");
  }
}
