package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** The buddy through reusable lists: against a set of pages, and without garbage. */
class BuddyBlockListTest {
  private static final int PAGES = 1 << 12;
  private static final int EINVAL = -Errno.EINVAL.number();
  private static final int ENOSPC = -Errno.ENOSPC.number();

  @Test
  void randomUse_asASetOfPages() {
    for (long seed = 1; seed <= 12; seed++) {
      RandomGenerator random = Regions.random(seed);
      BuddyAllocator buddy = new BuddyAllocator(1 << 14, PAGES);
      BitSet taken = new BitSet();
      List<BlockList> live = new ArrayList<>();
      for (int step = 0; step < 2000; step++) {
        if (live.isEmpty() || random.nextInt(100) < 55) {
          allocate(random, buddy, taken, live);
        } else {
          free(buddy, taken, live.remove(random.nextInt(live.size())));
        }
        assertThat(buddy.freePages()).as("seed " + seed).isEqualTo(PAGES - taken.cardinality());
      }
      while (!live.isEmpty()) {
        free(buddy, taken, live.remove(random.nextInt(live.size())));
      }
      assertThat(buddy.largestFreePages()).isEqualTo(PAGES);
      BlockList all = new BlockList();
      assertThat(buddy.allocate(AllocationRequest.of(PAGES).asContiguous(), all)).isZero();
    }
  }

  private static void allocate(
      RandomGenerator random, BuddyAllocator buddy, BitSet taken, List<BlockList> live) {
    long pages = random.nextBoolean() ? 1L << random.nextInt(9) : 1 + random.nextInt(300);
    AllocationRequest request = AllocationRequest.of(pages);
    request = random.nextBoolean() ? request.asContiguous() : request;
    request = random.nextInt(4) == 0 ? request.alignedTo(1L << random.nextInt(5)) : request;
    BlockList out = new BlockList();
    int status = buddy.allocate(request, out);
    if (status < 0) {
      assertThat(status).isEqualTo(ENOSPC);
      assertThat(out.runs()).isZero();
      return;
    }
    long total = 0;
    for (int run = 0; run < out.runs(); run++) {
      int from = (int) out.pfn(run);
      int to = from + (int) out.pages(run);
      assertThat(from % request.alignPages()).isZero();
      assertThat(taken.get(from, to).isEmpty()).isTrue();
      taken.set(from, to);
      total += out.pages(run);
    }
    assertThat(total).isEqualTo(pages);
    assertThat(out.runs()).isLessThanOrEqualTo(request.contiguous() ? 1 : Integer.MAX_VALUE);
    live.add(out);
  }

  private static void free(BuddyAllocator buddy, BitSet taken, BlockList runs) {
    for (int run = 0; run < runs.runs(); run++) {
      taken.clear((int) runs.pfn(run), (int) (runs.pfn(run) + runs.pages(run)));
    }
    assertThat(buddy.free(runs)).isZero();
    assertThat(runs.runs()).isZero();
  }

  /** Orders with and without a quick list; a block parked is as free as one merged. */
  @Test
  void free_twicePartOrForeign_refusedAndNothingChanged() {
    for (int order : new int[] {0, 3, 10, 11}) {
      BuddyAllocator buddy = new BuddyAllocator(0, 1 << 15);
      BlockList held = new BlockList();
      assertThat(buddy.allocate(AllocationRequest.of(1L << order).asContiguous(), held)).isZero();
      BlockList copy = listOf(held.pfn(0), held.pages(0));
      BlockList shifted = listOf(held.pfn(0) + (1L << order), held.pages(0));
      BlockList half = listOf(held.pfn(0), Math.max(1, held.pages(0) / 2));
      assertThat(buddy.free(shifted)).isEqualTo(EINVAL);
      assertThat(buddy.free(half)).isEqualTo(order == 0 ? 0 : EINVAL);
      assertThat(buddy.free(held)).isEqualTo(order == 0 ? EINVAL : 0);
      String before = buddy + " " + buddy.freePages();
      assertThat(buddy.free(copy)).isEqualTo(EINVAL);
      assertThat(buddy + " " + buddy.freePages()).isEqualTo(before);
      assertThat(copy.runs()).isEqualTo(1);
    }
  }

  /** The first block of a run of several is held, but not freed without the rest. */
  @Test
  void free_firstBlockOfARun_refused() {
    BuddyAllocator buddy = new BuddyAllocator(0, 64);
    BlockList run = new BlockList();
    assertThat(buddy.allocate(AllocationRequest.of(12).asContiguous(), run)).isZero();
    assertThat(run.runs()).isEqualTo(1);
    assertThat(buddy.free(listOf(run.pfn(0), 8))).isEqualTo(EINVAL);
    assertThat(buddy.free(listOf(run.pfn(0) + 8, 4))).isEqualTo(EINVAL);
    assertThat(buddy.free(run)).isZero();
    assertThat(buddy.freePages()).isEqualTo(64);
  }

  @Test
  void allocate_malformed_refusedThoughAParkedBlockWouldServe() {
    BuddyAllocator buddy = new BuddyAllocator(0, 1 << 10);
    BlockList out = new BlockList();
    assertThat(buddy.allocate(AllocationRequest.of(4), out)).isZero();
    assertThat(buddy.free(out)).isZero();
    assertThat(buddy.allocate(AllocationRequest.of(4).alignedTo(3), out)).isEqualTo(EINVAL);
    assertThat(buddy.allocate(AllocationRequest.of(4).alignedTo(0), out)).isEqualTo(EINVAL);
    assertThat(buddy.allocate(AllocationRequest.of(4).within(-1, 1 << 20), out)).isEqualTo(EINVAL);
    assertThat(buddy.allocate(AllocationRequest.of(Long.MIN_VALUE), out)).isEqualTo(EINVAL);
  }

  @Test
  void blockList_neighboursJoin_othersDoNot() {
    BlockList list = new BlockList();
    list.add(8, 2);
    list.add(10, 1);
    list.add(20, 1);
    list.add(21, 3);
    for (int run = 2; run < 20; run++) {
      list.add(100L * run, run);
    }
    assertThat(list.runs()).isEqualTo(20);
    assertThat(list.pfn(0)).isEqualTo(8);
    assertThat(list.pages(0)).isEqualTo(3);
    assertThat(list.pages(1)).isEqualTo(4);
    assertThat(list.pfn(19)).isEqualTo(1900);
    assertThat(list.pages(19)).isEqualTo(19);
    list.set(Extents.of(5, 6));
    assertThat(list.runs()).isEqualTo(1);
    assertThat(list.pages(0)).isEqualTo(6);
    assertThatThrownBy(() -> list.add(-1, 1)).hasMessageContaining("pfn=-1");
    assertThatThrownBy(() -> list.add(1, 0)).hasMessageContaining("pages=0");
  }

  @Test
  void steadyState_everyShapeOfRequest_zeroBytes() {
    BuddyAllocator buddy = new BuddyAllocator(0, 1 << 16);
    AllocationRequest[] requests = {
      AllocationRequest.of(1).asContiguous(),
      AllocationRequest.of(256).asContiguous(),
      AllocationRequest.of(300),
      AllocationRequest.of(7).fromTop(),
      AllocationRequest.of(4096).alignedTo(64)
    };
    BlockList[] lists = new BlockList[requests.length];
    for (int at = 0; at < lists.length; at++) {
      lists[at] = new BlockList();
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      cycle(buddy, requests, lists);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }

  private static void cycle(BuddyAllocator buddy, AllocationRequest[] requests, BlockList[] lists) {
    int failures = 0;
    for (int op = 0; op < 300; op++) {
      for (int at = 0; at < requests.length; at++) {
        failures += buddy.allocate(requests[at], lists[at]);
      }
      for (BlockList list : lists) {
        failures += buddy.free(list);
      }
    }
    if (failures != 0) {
      throw new AssertionError("refused");
    }
  }

  private static BlockList listOf(long pfn, long pages) {
    BlockList list = new BlockList();
    list.add(pfn, pages);
    return list;
  }
}
