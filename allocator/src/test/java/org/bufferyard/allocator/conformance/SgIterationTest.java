package org.bufferyard.allocator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.sg.PhysicalSgList;
import org.bufferyard.allocator.sg.SgBuilder;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/**
 * Family SGX: the i915 scatterlist self-test. Lists of increasing runs of many shapes are walked
 * per entry, per page, and per page with a look-up of the entry; every walk visits each frame once
 * and in order.
 */
class SgIterationTest {
  private static final int[] PRIMES = {2, 3, 5, 7, 11, 13};
  private static final long PAGES_MAX = 1 << 18;

  private final SgBuilder builder = new SgBuilder();

  @Test
  void SGX1_everyWalkVisitsEveryFrameOnceInOrder() {
    SplittableRandom random = new SplittableRandom(20141122);
    for (int prime : PRIMES) {
      for (int entries = (1 << prime) - 1; entries <= (1 << prime) + 1; entries++) {
        int n = entries;
        walk(n, index -> 1);
        walk(n, index -> index + 1);
        walk(n, index -> n - index);
        walk(n, index -> 1 + random.nextInt(1024));
        walk(n, index -> 1);
        walk(n, index -> 16);
        walk(n, index -> 512);
      }
    }
  }

  private void walk(int entries, IntUnaryOperator pagesOf) {
    Extents.Builder runs = new Extents.Builder();
    long pfn = 1;
    int made = 0;
    while (made < entries && runs.totalPages() < PAGES_MAX) {
      int pages = pagesOf.applyAsInt(made++);
      runs.add(pfn, pages);
      pfn += pages + 1;
    }
    Extents extents = runs.build();
    builder.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
    assertThat(builder.append(extents, 0, extents.totalPages() << 12)).isEqualTo(made);
    PhysicalSgList list = builder.physicalList();
    perEntry(extents, list);
    perPage(extents, list);
  }

  private static void perEntry(Extents extents, PhysicalSgList list) {
    assertThat(list.origNents()).isEqualTo(extents.runs());
    for (int entry = 0; entry < list.origNents(); entry++) {
      assertThat(list.pfn(entry)).isEqualTo(extents.pfn(entry));
      assertThat(list.lengthBytes(entry)).isEqualTo(extents.pages(entry) << 12);
    }
  }

  /** The expected frame is found from the run by counting, the visited one from the entry. */
  private static void perPage(Extents extents, PhysicalSgList list) {
    int run = 0;
    long inRun = 0;
    long visited = 0;
    for (int entry = 0; entry < list.origNents(); entry++) {
      for (long page = 0; page < list.pages(entry); page++) {
        if (list.pfn(entry) + page != extents.pfn(run) + inRun) {
          assertThat(list.pfn(entry) + page).isEqualTo(extents.pfn(run) + inRun);
        }
        visited++;
        inRun++;
        if (inRun == extents.pages(run)) {
          run++;
          inRun = 0;
        }
      }
    }
    assertThat(visited).isEqualTo(extents.totalPages());
    assertThat(run).isEqualTo(extents.runs());
  }

  @Test
  void SGX2_retainedTableHoldsExactlyWhatWasUsed() {
    for (int prime : PRIMES) {
      long[] pfns = new long[prime];
      for (int page = 0; page < prime; page++) {
        pfns[page] = 2L * page;
      }
      builder.start(DmaConstraints.UINT_MAX, DmaConstraints.NO_BOUNDARY);
      builder.append(Extents.of(1, 4096), 0, 4096 << 12);
      builder.start(4096, DmaConstraints.NO_BOUNDARY);
      builder.append(pfns, 0, prime, 0, (long) prime << 12);
      SgTable table = builder.table();
      assertThat(table.nents()).isEqualTo(prime);
      assertThat(table.totalBytes()).isEqualTo((long) prime << 12);
    }
  }
}
