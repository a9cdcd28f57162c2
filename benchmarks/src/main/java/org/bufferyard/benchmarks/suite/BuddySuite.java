package org.bufferyard.benchmarks.suite;

import static java.lang.foreign.MemorySegment.NULL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bufferyard.allocator.region.AllocationRequest;
import org.bufferyard.allocator.region.BlockList;
import org.bufferyard.allocator.region.BuddyAllocator;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Contender;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.report.Goal;

/**
 * Does a buddy in byte columns beat one of block objects? A 16 GiB space. Both answer with a list
 * that the buffer keeps: of runs, in columns used again, and of block objects from a slab cache.
 */
final class BuddySuite implements Suite {
  private static final int SPACE_ORDER = 22;
  private static final int STEPS = 1 << 16;
  private static final long SEED = 11;

  @Override
  public String name() {
    return "buddy";
  }

  @Override
  public void run(Lab lab) {
    for (int order : new int[] {0, 8}) {
      burst(lab, 1, order);
      burst(lab, 1024, order);
      churn(lab, 1_000, order);
      if (!lab.quick()) {
        churn(lab, 10_000, order);
      }
    }
  }

  private static void burst(Lab lab, int count, int order) {
    String what = count == 1 ? "pair on an empty space" : "burst of " + count;
    Race race = lab.race(what + ", order " + order);
    lab.baseline()
        .ifPresent(
            c -> {
              MemorySegment buddy = create(c);
              MemorySegment held = lab.arena().allocate(16L * count, 8);
              var function = c.shape("buddy_burst_ops");
              race.add("C", 1024, ops -> function.call(buddy, held, ops, count, order, 0));
            });
    race.add("Java", 1024, burst(count, order));
    lab.ratio(Goal.BUDDY, race.run(), "Java", "C");
  }

  private static MemorySegment create(CBaseline c) {
    long address = c.shape("buddy_create").call(NULL, NULL, SPACE_ORDER, 0, 0, 0);
    return MemorySegment.ofAddress(address);
  }

  private static Contender burst(int count, int order) {
    BuddyAllocator buddy = new BuddyAllocator(0, 1L << SPACE_ORDER);
    AllocationRequest request = AllocationRequest.of(1L << order).asContiguous();
    BlockList[] held = lists(count);
    return ops -> {
      long sum = 0;
      for (long done = 0; done < ops; done += count) {
        for (int at = 0; at < count; at++) {
          sum += take(buddy, request, held[at]);
        }
        for (int at = 0; at < count; at++) {
          sum += buddy.free(held[at]);
        }
      }
      return sum;
    };
  }

  private static BlockList[] lists(int count) {
    BlockList[] lists = new BlockList[count];
    Arrays.setAll(lists, at -> new BlockList());
    return lists;
  }

  private static long take(BuddyAllocator buddy, AllocationRequest request, BlockList into) {
    if (buddy.allocate(request, into) < 0) {
      throw new IllegalStateException("no room for " + request);
    }
    return into.pfn(0);
  }

  private static void churn(Lab lab, int live, int order) {
    int[] places = new SplittableRandom(SEED).ints(STEPS, 0, live).toArray();
    Race race = lab.race("churn of " + live + " live, order " + order);
    lab.baseline()
        .ifPresent(
            c -> {
              MemorySegment buddy = create(c);
              MemorySegment held = lab.arena().allocate(16L * live, 8);
              MemorySegment inC = lab.arena().allocateFrom(ValueLayout.JAVA_INT, places);
              var function = c.shape("buddy_churn_ops");
              race.add("C", STEPS, ops -> function.call(buddy, held, ops, order, inC.address(), 0));
            });
    race.add("Java", STEPS, churn(places, live, order));
    lab.ratio(Goal.BUDDY, race.run(), "Java", "C");
  }

  private static Contender churn(int[] places, int live, int order) {
    BuddyAllocator buddy = new BuddyAllocator(0, 1L << SPACE_ORDER);
    AllocationRequest request = AllocationRequest.of(1L << order).asContiguous();
    BlockList[] held = lists(live);
    return ops -> {
      long sum = 0;
      for (long op = 0; op < ops; op++) {
        int place = places[(int) op & (STEPS - 1)];
        if (held[place].runs() > 0) {
          buddy.free(held[place]);
        }
        sum += take(buddy, request, held[place]);
      }
      return sum;
    };
  }
}
