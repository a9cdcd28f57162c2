package org.bufferyard.simulator.attack;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.workload.WorkloadSpec.Order;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** What each policy is known to do badly on: the search begins with it, beside what it draws. */
final class Adversaries {
  private static final long MIB = 1L << 20;
  private static final long MILLI = 1_000_000;

  /** Workloads against one policy; none for one that we know nothing of. */
  static List<Genome> of(String policy, long durationNanos) {
    return switch (policy) {
      case "s3-fifo", "s3-fifo-late-ghost", "2q" -> secondUseTooLate(durationNanos);
      case "ttm", "xe" -> coldInHotGroup(durationNanos);
      case "w-tinylfu", "lfu" -> oldFavourites(durationNanos);
      case "sieve", "clock" -> scanAfterHits(durationNanos);
      case "lru", "fifo" -> loopTooLarge(durationNanos);
      default -> List.of();
    };
  }

  /** Used twice, the second time after the small queue has let go of it: it is missed twice. */
  private static List<Genome> secondUseTooLate(long durationNanos) {
    List<Genome> all = new ArrayList<>();
    for (int gap : new int[] {4, 6, 8, 12}) {
      all.add(new Genome(50, durationNanos, List.of(pattern("c0", 48, Order.PAIRS, 2, gap, 2, 0))));
    }
    return all;
  }

  /** A client that uses a few of many buffers keeps them all from ageing; another's age alone. */
  private static List<Genome> coldInHotGroup(long durationNanos) {
    List<Genome> all = new ArrayList<>();
    for (int hot : new int[] {2, 4}) {
      for (int loop : new int[] {16, 24}) {
        all.add(
            new Genome(
                70,
                durationNanos,
                List.of(
                    pattern("c0", 40, Order.SETTLE, 2, hot, 1, 0),
                    pattern("c1", loop, Order.LOOP, 2, 4, 4, 150))));
      }
    }
    return all;
  }

  /** Buffers that were used often for a while, and then new ones that are. */
  private static List<Genome> oldFavourites(long durationNanos) {
    Pattern before =
        new Pattern(
            "c0", 24, MIB, Order.LOOP, 4, 4, MILLI, 0, Math.max(MILLI, durationNanos / 3), 25, 0);
    List<Genome> all = new ArrayList<>();
    for (int fresh : new int[] {12, 20}) {
      int start = (int) (durationNanos / 3 / MILLI);
      all.add(
          new Genome(
              65,
              durationNanos,
              List.of(before, pattern("c1", fresh, Order.WINDOW, 2, 6, 2, start))));
    }
    return all;
  }

  /** All are marked as used, then a scan: the hand goes round, and what comes anew is what goes. */
  private static List<Genome> scanAfterHits(long durationNanos) {
    return List.of(
        new Genome(
            60,
            durationNanos,
            List.of(
                pattern("c0", 24, Order.SETTLE, 4, 24, 1, 0),
                pattern("c1", 24, Order.WINDOW, 2, 6, 2, 300))));
  }

  private static List<Genome> loopTooLarge(long durationNanos) {
    return List.of(
        new Genome(95, durationNanos, List.of(pattern("c0", 40, Order.LOOP, 1, 4, 1, 0))));
  }

  private static Pattern pattern(
      String client, int buffers, Order order, int uses, int window, long everyMillis, int start) {
    return new Pattern(
        client, buffers, MIB, order, uses, window, everyMillis * MILLI, start * MILLI, 0, 25, 0);
  }

  private Adversaries() {}
}
