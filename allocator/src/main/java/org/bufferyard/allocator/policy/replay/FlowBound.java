package org.bufferyard.allocator.policy.replay;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Residents;

/**
 * What no policy can beat: the least misses of a cache that may hold fractions of objects and need
 * not let anything in. Each pair of neighbouring requests for one object is an interval that is a
 * hit as far as the object is held from one to the other; at no moment more than the capacity is
 * held. As a flow: the object's size goes from the first request to the second, over the moments
 * between, of which each carries at most the capacity, or past them at the price of a miss. Berger,
 * Beckmann and Harchol-Balter, POMACS 2018. Equal to the optimum with bypass at equal sizes.
 *
 * <p>The value is that of the dual at the flow found, so that rounding can make it too low and
 * never too high.
 */
public final class FlowBound {
  private final int[] from;
  private final int[] to;
  private final long[] size;
  private final double[] price;
  private final double compulsory;
  private final int moments;

  private FlowBound(
      int[] from, int[] to, long[] size, double[] price, double compulsory, int moments) {
    this.from = from;
    this.to = to;
    this.size = size;
    this.price = price;
    this.compulsory = compulsory;
    this.moments = moments;
  }

  /**
   * The problem of {@code requests}; its sizes are in the unit of the capacity.
   *
   * @param weight what a miss of each object costs: 1, or its bytes
   */
  public static FlowBound of(Requests requests, Residents weight) {
    int count = requests.count();
    int[] previous = new int[requests.objects()];
    Arrays.fill(previous, -1);
    int[] from = new int[count];
    int[] to = new int[count];
    int[] object = new int[count];
    int intervals = 0;
    double compulsory = 0;
    for (int at = 0; at < count; at++) {
      int id = requests.id(at);
      if (id < 0) {
        continue;
      }
      if (previous[id] < 0) {
        compulsory += weight.pages(id);
      } else {
        from[intervals] = previous[id];
        to[intervals] = at;
        object[intervals++] = id;
      }
      previous[id] = at;
    }
    return packed(requests, weight, from, to, object, intervals, compulsory);
  }

  /** Moments at which no interval begins or ends are none. */
  private static FlowBound packed(
      Requests requests,
      Residents weight,
      int[] from,
      int[] to,
      int[] object,
      int intervals,
      double compulsory) {
    int[] momentOf = new int[requests.count() + 1];
    for (int i = 0; i < intervals; i++) {
      momentOf[from[i]] = 1;
      momentOf[to[i]] = 1;
    }
    int moments = 0;
    for (int at = 0; at < momentOf.length; at++) {
      boolean one = momentOf[at] == 1;
      momentOf[at] = moments;
      moments += one ? 1 : 0;
    }
    int[] begins = new int[intervals];
    int[] ends = new int[intervals];
    long[] size = new long[intervals];
    double[] price = new double[intervals];
    for (int i = 0; i < intervals; i++) {
      begins[i] = momentOf[from[i]];
      ends[i] = momentOf[to[i]];
      size[i] = requests.pages(object[i]);
      price[i] = (double) weight.pages(object[i]) / size[i];
    }
    return new FlowBound(begins, ends, size, price, compulsory, moments);
  }

  /** Pairs of neighbouring requests for one object: what the time to solve depends on. */
  public int intervals() {
    return from.length;
  }

  /** The least weight of misses at {@code capacity}. */
  public double least(long capacity) {
    if (from.length == 0) {
      return compulsory;
    }
    IntervalFlow flow = new IntervalFlow(from, to, size, price, moments, capacity);
    flow.solve();
    return compulsory + Math.max(0, flow.dual());
  }
}
