package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;

/** Every small case: all ways to fill a small region, freed in every order. */
class BuddyExhaustiveTest {

  @Test
  void fillAndFree_everyCompositionInEveryOrder_agreesWithBitmapAndReturnsToTheStart() {
    for (int base = 0; base < 4; base++) {
      for (int pages = 1; pages <= 6; pages++) {
        for (int cuts = 0; cuts < 1 << (pages - 1); cuts++) {
          for (boolean contiguous : new boolean[] {false, true}) {
            everyOrder(base, pages, sizes(pages, cuts), contiguous);
          }
        }
      }
    }
  }

  /**
   * The composition of {@code pages} with a cut behind page i where bit i of {@code cuts} is set.
   */
  private static List<Long> sizes(int pages, int cuts) {
    List<Long> sizes = new ArrayList<>();
    long size = 1;
    for (int page = 0; page < pages - 1; page++) {
      if ((cuts >> page & 1) != 0) {
        sizes.add(size);
        size = 0;
      }
      size++;
    }
    sizes.add(size);
    return sizes;
  }

  private static void everyOrder(int base, int pages, List<Long> sizes, boolean contiguous) {
    int orders = 1;
    for (int index = 2; index <= sizes.size(); index++) {
      orders *= index;
    }
    BuddyAllocator buddy = new BuddyAllocator(base, pages);
    String start = buddy.toString();
    for (int order = 0; order < orders; order++) {
      BitSet used = new BitSet();
      List<Extents> held = new ArrayList<>();
      for (long size : sizes) {
        AllocationRequest request = AllocationRequest.of(size);
        switch (buddy.allocate(contiguous ? request.asContiguous() : request)) {
          case Outcome.Done<Extents>(Extents extents) -> {
            Regions.flip(used, extents, base, true);
            held.add(extents);
          }
          case Outcome.Refused<Extents> refused ->
              assertThat(contiguous && longestHole(used, pages) < size).isTrue();
        }
      }
      freeInOrder(buddy, held, order);
      buddy.settle();
      assertThat(buddy.toString())
          .as("base %d, sizes %s, order %d", base, sizes, order)
          .isEqualTo(start);
    }
  }

  private static void freeInOrder(BuddyAllocator buddy, List<Extents> held, int order) {
    int rest = order;
    while (!held.isEmpty()) {
      int next = rest % held.size();
      rest /= held.size();
      done(buddy.free(held.remove(next)));
    }
  }

  private static int longestHole(BitSet used, int pages) {
    int longest = 0;
    for (int from = used.nextClearBit(0); from < pages; from = used.nextClearBit(from)) {
      int to = used.nextSetBit(from) < 0 ? pages : used.nextSetBit(from);
      longest = Math.max(longest, to - from);
      from = to;
    }
    return longest;
  }

  @Test
  void allocate_everyPatternOfUsedPagesAndEveryRequest_succeedsExactlyWhenPossible() {
    int pages = 7;
    for (int base = 0; base < 3; base++) {
      for (int pattern = 0; pattern < 1 << pages; pattern++) {
        BuddyAllocator buddy = new BuddyAllocator(base, pages);
        for (int page = 0; page < pages; page++) {
          if ((pattern >> page & 1) != 0) {
            take(buddy, AllocationRequest.of(1).within(base + page, base + page));
          }
        }
        String before = buddy.toString();
        for (int size = 1; size <= pages; size++) {
          for (int align = 1; align <= 4; align <<= 1) {
            checkRun(buddy, new AllocationRequest(size, true, align, 0, 99, false), base, pattern);
            checkRun(buddy, new AllocationRequest(size, true, align, 2, 5, true), base, pattern);
          }
        }
        buddy.settle();
        assertThat(buddy.toString()).isEqualTo(before);
      }
    }
  }

  private static void checkRun(
      BuddyAllocator buddy, AllocationRequest request, int base, int pattern) {
    boolean possible = false;
    for (int page = 0; page + request.pages() <= 7; page++) {
      int run = ((1 << request.pages()) - 1) << page;
      long pfn = base + (long) page;
      possible |=
          (pattern & run) == 0
              && pfn % request.alignPages() == 0
              && pfn >= request.minPfn()
              && pfn + request.pages() - 1 <= request.maxPfn();
    }
    switch (buddy.allocate(request)) {
      case Outcome.Done<Extents>(Extents run) -> {
        assertThat(possible).as("%s on %s", request, buddy).isTrue();
        done(buddy.free(run));
      }
      case Outcome.Refused<Extents> refused ->
          assertThat(possible).as("%s on %s", request, buddy).isFalse();
    }
  }
}
