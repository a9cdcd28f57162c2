package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;

/**
 * The least size of misses of any schedule, by trying all sets of residents: at most {@link
 * #OBJECTS_MAX} objects. What is requested need not be kept, but is fetched and paid; it may be
 * kept only where it was fetched. {@code long[2^objects]} of states, a pass over them for each
 * request.
 *
 * <p>Evicting is free, so that a state is worth no less than its subsets: between two requests any
 * subset of what is resident may go on.
 */
public final class ExactOptimum {
  /** 2^16 states. */
  public static final int OBJECTS_MAX = 16;

  private static final long NEVER = Long.MAX_VALUE / 2;

  /**
   * The least sum of sizes fetched.
   *
   * @param requests of at most {@link #OBJECTS_MAX} objects
   */
  public static long missSize(Requests requests, long capacity) {
    int objects = requests.objects();
    if (objects > OBJECTS_MAX) {
      throw new IllegalArgumentException(
          "at most " + OBJECTS_MAX + " objects can be tried, objects=" + objects);
    }
    long[] sizes = sizes(requests);
    boolean[] fits = fits(sizes, capacity);
    long[] cost = new long[1 << objects];
    Arrays.fill(cost, NEVER);
    cost[0] = 0;
    for (int at = 0; at < requests.count(); at++) {
      int entry = requests.id(at);
      cost = entry < 0 ? freed(cost, ~entry) : served(cost, entry, sizes[entry], fits);
    }
    return Arrays.stream(cost).min().orElse(0);
  }

  private static long[] sizes(Requests requests) {
    long[] sizes = new long[requests.objects()];
    for (int id = 0; id < sizes.length; id++) {
      sizes[id] = requests.pages(id);
    }
    return sizes;
  }

  /** By set of residents. */
  private static boolean[] fits(long[] sizes, long capacity) {
    boolean[] fits = new boolean[1 << sizes.length];
    for (int set = 0; set < fits.length; set++) {
      long size = 0;
      for (int id = 0; id < sizes.length; id++) {
        size += (set >> id & 1) == 0 ? 0 : sizes[id];
      }
      fits[set] = size <= capacity;
    }
    return fits;
  }

  private static long[] freed(long[] cost, int id) {
    long[] next = cost.clone();
    for (int set = 0; set < cost.length; set++) {
      if ((set >> id & 1) == 1) {
        int without = set & ~(1 << id);
        next[without] = Math.min(next[without], cost[set]);
        next[set] = NEVER;
      }
    }
    return next;
  }

  private static long[] served(long[] cost, int id, long size, boolean[] fits) {
    long[] next = new long[cost.length];
    Arrays.fill(next, NEVER);
    for (int set = 0; set < cost.length; set++) {
      if (cost[set] < NEVER) {
        boolean hit = (set >> id & 1) == 1;
        long paid = cost[set] + (hit ? 0 : size);
        next[set] = Math.min(next[set], paid);
        int with = set | 1 << id;
        next[with] = Math.min(next[with], paid);
      }
    }
    return subsets(next, fits);
  }

  /** Each set that fits costs no more than any set it is part of; others cannot be. */
  private static long[] subsets(long[] cost, boolean[] fits) {
    for (int bit = 1; bit < cost.length; bit <<= 1) {
      for (int set = 0; set < cost.length; set++) {
        if ((set & bit) == 0) {
          cost[set] = Math.min(cost[set], cost[set | bit]);
        }
      }
    }
    for (int set = 0; set < cost.length; set++) {
      cost[set] = fits[set] ? cost[set] : NEVER;
    }
    return cost;
  }

  private ExactOptimum() {}
}
