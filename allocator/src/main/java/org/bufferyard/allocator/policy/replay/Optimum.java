package org.bufferyard.allocator.policy.replay;

/**
 * What serving a sequence of requests costs at least, in sizes fetched: the optimum where that can
 * be had, else the flow bound.
 *
 * @param size in the unit of the capacity
 * @param exact some schedule costs just that
 */
public record Optimum(double size, boolean exact) {
  /** Requests whose exact optimum is searched for. */
  private static final int EXACT_REQUESTS_MAX = 4_096;

  /** Of {@code requests} with frees and sizes. */
  public static Optimum of(Requests requests, long capacity) {
    boolean tiny =
        requests.objects() <= ExactOptimum.OBJECTS_MAX && requests.count() <= EXACT_REQUESTS_MAX;
    return tiny
        ? new Optimum(ExactOptimum.missSize(requests, capacity), true)
        : new Optimum(FlowBound.of(requests, requests).least(capacity), false);
  }
}
