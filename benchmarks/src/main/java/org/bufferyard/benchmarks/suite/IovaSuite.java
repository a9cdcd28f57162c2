package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bufferyard.allocator.iommu.IovaAllocator;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;

/**
 * Do magazines for all common orders over a bitmap buddy beat magazines for six orders over a
 * balanced tree? Sizes come from an array and addresses are summed, or the pair is compiled away.
 */
final class IovaSuite implements Suite {
  private static final int PAGE_BITS = 36;
  private static final long LIMIT = (1L << PAGE_BITS) - 1;
  private static final int CHURN_STEPS = 1 << 16;
  private static final int LIVE = 1024;
  private static final long SEED = 7;

  @Override
  public String name() {
    return "iova";
  }

  @Override
  public void run(Lab lab) {
    burst(lab, Goal.IOVA_PAIR, "pair, 1 page", 1, 1);
    burst(lab, Goal.IOVA_PAIR, "burst of 1,024, 1 page", 1024, 1);
    burst(lab, Goal.IOVA_256, "pair, 256 pages", 1, 256);
    burst(lab, Goal.IOVA_256, "burst of 1,024, 256 pages", 1024, 256);
    if (!lab.quick()) {
      burst(lab, Goal.IOVA_PAIR, "pair, 32 pages", 1, 32);
      burst(lab, Goal.NONE, "pair, 2,048 pages", 1, 2048);
      burst(lab, Goal.IOVA_PAIR, "burst of 1,024, 32 pages", 1024, 32);
      burst(lab, Goal.IOVA_PAIR, "burst of 100,000, 1 page", 100_000, 1);
      burst(lab, Goal.NONE, "burst of 100,000, 32 pages", 100_000, 32);
      burst(lab, Goal.IOVA_256, "burst of 10,000, 256 pages", 10_000, 256);
    }
    churn(lab, Goal.IOVA_CHURN, "churn of 1,024 live, orders 0 to 5", 5);
    if (!lab.quick()) {
      churn(lab, Goal.NONE, "churn of 1,024 live, orders 0 to 10", 10);
    }
    owners(lab);
  }

  private static void burst(Lab lab, Goal goal, String label, int count, int pages) {
    long[] sizes = new long[count];
    Arrays.fill(sizes, pages);
    int granule = Math.max(1024, count);
    Race race = lab.race(label);
    lab.baseline().ifPresent(c -> race.add("C", granule, burstInC(lab, c, sizes)));
    race.add("Java", granule, burst(sizes));
    lab.ratio(goal, race.run(), "Java", "C");
  }

  private static Contender burstInC(Lab lab, CBaseline c, long[] sizes) {
    MemorySegment space = create(c);
    MemorySegment scratch = lab.arena().allocate(8L * sizes.length, 64);
    MemorySegment inC = lab.arena().allocateFrom(ValueLayout.JAVA_LONG, sizes);
    var function = c.shape("iova_burst_ops");
    return ops -> function.call(space, inC, ops, sizes.length, scratch.address(), 0);
  }

  private static MemorySegment create(CBaseline c) {
    return MemorySegment.ofAddress(c.shape("iova_create").call(NULL, NULL, PAGE_BITS, 0, 0, 0));
  }

  private static Contender burst(long[] sizes) {
    IovaAllocator iovas = new IovaAllocator(PAGE_BITS);
    long[] starts = new long[sizes.length];
    return ops -> {
      long sum = 0;
      for (long done = 0; done < ops; done += sizes.length) {
        for (int at = 0; at < sizes.length; at++) {
          starts[at] = iovas.allocate(sizes[at], 0, LIMIT);
          sum += starts[at];
        }
        for (int at = 0; at < sizes.length; at++) {
          iovas.free(starts[at], IovaAllocator.reservedPages(sizes[at]));
        }
      }
      return sum;
    };
  }

  private static void churn(Lab lab, Goal goal, String label, int maxOrder) {
    SplittableRandom random = new SplittableRandom(SEED);
    int[] places = random.ints(CHURN_STEPS, 0, LIVE).toArray();
    long[] sizes = new long[CHURN_STEPS];
    Arrays.setAll(sizes, step -> 1L << random.nextInt(maxOrder + 1));
    Race race = lab.race(label);
    lab.baseline().ifPresent(c -> race.add("C", CHURN_STEPS, churnInC(lab, c, places, sizes)));
    race.add("Java", CHURN_STEPS, churn(places, sizes));
    lab.ratio(goal, race.run(), "Java", "C");
  }

  private static Contender churnInC(Lab lab, CBaseline c, int[] places, long[] sizes) {
    MemorySegment space = create(c);
    MemorySegment scratch = lab.arena().allocate(16L * LIVE, 64);
    MemorySegment order = lab.arena().allocateFrom(ValueLayout.JAVA_INT, places);
    MemorySegment inC = lab.arena().allocateFrom(ValueLayout.JAVA_LONG, sizes);
    var function = c.shape("iova_churn_ops");
    return ops -> function.call(space, inC, ops, LIVE, scratch.address(), order.address());
  }

  private static Contender churn(int[] places, long[] sizes) {
    IovaAllocator iovas = new IovaAllocator(PAGE_BITS);
    long[] starts = new long[LIVE];
    long[] held = new long[LIVE];
    return ops -> {
      long sum = 0;
      for (long op = 0; op < ops; op++) {
        int at = (int) op & (CHURN_STEPS - 1);
        int place = places[at];
        if (held[place] > 0) {
          iovas.free(starts[place], IovaAllocator.reservedPages(held[place]));
        }
        starts[place] = iovas.allocate(sizes[at], 0, LIMIT);
        held[place] = sizes[at];
        sum += starts[place];
      }
      return sum;
    };
  }

  /** The same pairs with and without a second owner at work in another thread. */
  private static void owners(Lab lab) {
    Race race = lab.race("pair, 1 page, two owners");
    long[] sizes = {1};
    race.add("one owner", 1024, burst(sizes))
        .add("two owners", 1024, new SecondOwner(burst(sizes), burst(sizes)));
    RaceResult result = race.run();
    lab.ratio(Goal.IOVA_OWNERS, result, "two owners", "one owner");
  }
}
