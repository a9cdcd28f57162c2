package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.bufferyard.allocator.Extents;
import org.junit.jupiter.api.Test;

/** What an operation allocates on the heap, which is exact where time is not. */
class BuddyFootprintTest {
  private static final int ROUNDS = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void claimAndRelease_steadyState_allocatesNothing() {
    BuddyBlocks blocks = new BuddyBlocks(0, 1 << 16, 16);
    BuddyClaims claims = new BuddyClaims(blocks, new BuddySearch(blocks), null);
    churn(blocks, claims);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    churn(blocks, claims);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat((double) bytes / ROUNDS).isLessThan(1.0);
    assertThat(blocks.freeChunks()).isEqualTo(1 << 16);
  }

  private static void churn(BuddyBlocks blocks, BuddyClaims claims) {
    for (int round = 0; round < ROUNDS; round++) {
      int chunks = 1 + round % 300;
      boolean taken =
          round % 3 == 0
              ? claims.takeRun(BuddyBlocks.DIRTY, chunks, 1, 0, 0, 1 << 16, round % 2 == 0)
              : claims.takeScattered(
                  chunks,
                  BuddyAllocator.ALL_ORDERS,
                  0,
                  BuddyBlocks.DIRTY,
                  0,
                  1 << 16,
                  round % 2 == 0);
      assertThatHolds(taken);
      for (int index = 0; index < claims.count(); index++) {
        blocks.release(claims.head(index), BuddyBlocks.DIRTY);
      }
    }
  }

  private static void assertThatHolds(boolean taken) {
    if (!taken) {
      throw new AssertionError("nothing taken");
    }
  }

  @Test
  void allocateAndFree_oneRun_allocatesOnlyTheResult() {
    BuddyAllocator buddy = new BuddyAllocator(0, 1 << 16);
    AllocationRequest request = AllocationRequest.of(256);
    cycle(buddy, request);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    cycle(buddy, request);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    // Extents 72, its two columns 24 each, the outcomes of both calls 16 each. The compiler may
    // save
    // an outcome that nobody keeps; whether it has done so by now is chance.
    assertThat((double) bytes / ROUNDS).isLessThanOrEqualTo(153.0);
  }

  private static void cycle(BuddyAllocator buddy, AllocationRequest request) {
    for (int round = 0; round < ROUNDS; round++) {
      Extents extents = Regions.take(buddy, request);
      assertThatHolds(extents.runs() == 1);
      Regions.done(buddy.free(extents));
    }
  }
}
