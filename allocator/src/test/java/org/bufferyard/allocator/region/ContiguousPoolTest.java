package org.bufferyard.allocator.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.allocator.region.Regions.done;
import static org.bufferyard.allocator.region.Regions.reason;
import static org.bufferyard.allocator.region.Regions.refused;
import static org.bufferyard.allocator.region.Regions.take;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.region.ContiguousPool.Claim;
import org.junit.jupiter.api.Test;

class ContiguousPoolTest {

  @Test
  void lend_takesSinglePagesFromTheTop() {
    ContiguousPool pool = new ContiguousPool(100, 8);
    assertThat(done(pool.lend())).isEqualTo(Extents.of(107, 1));
    assertThat(done(pool.lend())).isEqualTo(Extents.of(106, 1));
    assertThat(pool.lentPages()).isEqualTo(2);
    assertThat(pool.freePages()).isEqualTo(8);
  }

  @Test
  void allocate_lentPagesInTheWay_isEbusyAndChangesNothing() {
    ContiguousPool pool = new ContiguousPool(0, 8);
    done(pool.lend());
    assertThat(refused(pool.allocate(AllocationRequest.of(8)))).isEqualTo(Errno.EBUSY);
    assertThat(reason(pool.allocate(AllocationRequest.of(8))))
        .isEqualTo("1 lent pages in the way of [0+8]");
    assertThat(pool.awaitedPages()).isZero();
    assertThat(take(pool, AllocationRequest.of(7))).isEqualTo(Extents.of(0, 7));
    assertThat(refused(pool.lend())).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void claim_namesLentPagesAndIsCompleteOnceTheyReturn() {
    ContiguousPool pool = new ContiguousPool(0, 8);
    done(pool.lend());
    done(pool.lend());
    Claim claim = done(pool.claim(AllocationRequest.of(8)));
    assertThat(claim.inTheWay()).isEqualTo(Extents.of(6, 2));
    assertThat(pool.awaitedPages()).isEqualTo(2);
    done(pool.returned(6));
    done(pool.returned(7));
    assertThat(pool.awaitedPages()).isZero();
    assertThat(pool.lentPages()).isZero();
    done(pool.free(claim.run()));
    assertThat(take(pool, AllocationRequest.of(8)).totalPages()).isEqualTo(8);
  }

  @Test
  void free_abandonedClaim_leavesLentPagesLent() {
    ContiguousPool pool = new ContiguousPool(0, 8);
    done(pool.lend());
    Claim claim = done(pool.claim(AllocationRequest.of(8)));
    done(pool.free(claim.run()));
    assertThat(pool.lentPages()).isOne();
    assertThat(pool.awaitedPages()).isZero();
    done(pool.returned(7));
    assertThat(take(pool, AllocationRequest.of(8)).totalPages()).isEqualTo(8);
  }

  @Test
  void returned_ofAPageNotLent_isEinval() {
    ContiguousPool pool = new ContiguousPool(10, 4);
    for (long pfn : new long[] {9, 10, 13, 14, -1}) {
      assertThat(refused(pool.returned(pfn))).isEqualTo(Errno.EINVAL);
    }
    done(pool.lend());
    done(pool.returned(13));
    assertThat(refused(pool.returned(13))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void lendClaimReturn_random_conservesPages() {
    for (long seed = 1; seed <= 5; seed++) {
      RandomGenerator random = Regions.random(seed);
      ContiguousPool pool = new ContiguousPool(0, 64);
      List<Long> lent = new ArrayList<>();
      List<Extents> runs = new ArrayList<>();
      for (int step = 0; step < 1_000; step++) {
        String where = "seed " + seed + ", step " + step;
        switch (random.nextInt(4)) {
          case 0 -> {
            if (pool.lend() instanceof Outcome.Done<Extents>(Extents one)) {
              lent.add(one.pfn(0));
            }
          }
          case 1 -> {
            if (!lent.isEmpty()) {
              done(pool.returned(lent.remove(random.nextInt(lent.size()))));
            }
          }
          case 2 -> {
            if (pool.claim(AllocationRequest.of(1 + random.nextInt(20)))
                instanceof Outcome.Done<Claim>(Claim claim)) {
              runs.add(claim.run());
            }
          }
          default -> {
            if (!runs.isEmpty()) {
              done(pool.free(runs.remove(random.nextInt(runs.size()))));
            }
          }
        }
        long claimed = runs.stream().mapToLong(Extents::totalPages).sum();
        long awaited = lent.stream().filter(pfn -> within(runs, pfn)).count();
        assertThat(pool.freePages()).as(where).isEqualTo(64 - claimed);
        assertThat(pool.lentPages()).as(where).isEqualTo(lent.size());
        assertThat(pool.awaitedPages()).as(where).isEqualTo(awaited);
      }
    }
  }

  private static boolean within(List<Extents> runs, long pfn) {
    return runs.stream().anyMatch(run -> pfn >= run.pfn(0) && pfn <= run.highestPfn());
  }
}
