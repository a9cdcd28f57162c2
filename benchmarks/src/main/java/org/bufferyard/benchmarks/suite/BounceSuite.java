package org.bufferyard.benchmarks.suite;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.bounce.BouncePool;
import org.bufferyard.allocator.bounce.CopyMemory;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.report.Goal;

/** How much does the pool add to the copy it must make? Sources lie at random in memory. */
final class BounceSuite implements Suite {
  private static final int SOURCE_BYTES = 64 << 20;
  private static final int POOL_PAGES = 256;
  private static final long POOL_PFN = 16;
  private static final long SOURCE_ADDRESS = 1L << 32;
  private static final long SEED = 13;

  @Override
  public String name() {
    return "bounce";
  }

  @Override
  public void run(Lab lab) {
    measure(lab, 4096);
    if (!lab.quick()) {
      measure(lab, 65536);
      measure(lab, 262144);
    }
  }

  private static void measure(Lab lab, int bytes) {
    int pieces = SOURCE_BYTES / bytes;
    MemorySegment memory = lab.arena().allocate(SOURCE_BYTES + POOL_PAGES * 4096L, 4096);
    memory.fill((byte) 1);
    long[] order = new long[pieces];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int at = 0; at < pieces; at++) {
      order[at] = random.nextInt(pieces);
    }
    Race race = lab.race(bytes / 1024 + " KiB");
    lab.baseline()
        .ifPresent(
            c -> {
              MemorySegment inC = lab.arena().allocateFrom(ValueLayout.JAVA_LONG, order);
              var copy = c.tuned("copy_ops");
              long poolPieces = POOL_PAGES * 4096L / bytes;
              race.add("memcpy", 64, ops -> copy.call(memory, inC, ops, pieces, bytes, poolPieces));
            });
    race.add("bounce", 64, bounce(memory, order, bytes));
    lab.ratio(Goal.BOUNCE, race.run(), "bounce", "memcpy");
  }

  private static Contender bounce(MemorySegment memory, long[] order, int bytes) {
    BouncePool pool = new BouncePool(POOL_PFN, POOL_PAGES);
    CopyMemory copy =
        (from, to, length) -> MemorySegment.copy(memory, offset(from), memory, offset(to), length);
    return ops -> {
      long sum = 0;
      for (long op = 0; op < ops; op++) {
        long source = SOURCE_ADDRESS + order[(int) (op % order.length)] * bytes;
        long bounced = pool.map(source, bytes, DmaDirection.TO_DEVICE, -1, -1, copy);
        sum += bounced + pool.unmap(bounced, bytes, DmaDirection.TO_DEVICE, copy);
      }
      return sum;
    };
  }

  private static long offset(long address) {
    return address >= SOURCE_ADDRESS
        ? address - SOURCE_ADDRESS
        : SOURCE_BYTES + address - (POOL_PFN << 12);
  }
}
