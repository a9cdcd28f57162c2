package org.bufferyard.allocator.policy;

/**
 * A walk over one order from its oldest id to its newest, for the length of a demand: each id is
 * looked at once, and ids may leave or change place meanwhile as long as {@link #leaving} is told
 * first. Not thread-safe.
 */
public final class OldestFirst {
  private final Orders orders;
  private final int order;
  private int next = EvictionPolicy.NONE;

  public OldestFirst(Orders orders, int order) {
    this.orders = orders;
    this.order = order;
  }

  /** Back to the oldest. */
  public void restart() {
    next = orders.oldest(order);
  }

  /** The next id that {@code demand} accepts, or {@link EvictionPolicy#NONE} at the end. */
  public int next(Demand demand) {
    while (next != EvictionPolicy.NONE) {
      int candidate = next;
      next = orders.newerThan(candidate);
      if (demand.accepts(candidate)) {
        return candidate;
      }
    }
    return EvictionPolicy.NONE;
  }

  /** The id that {@link #next} would look at first. */
  public int peek() {
    return next;
  }

  /** Goes on with {@code id}, or ends with {@link EvictionPolicy#NONE}. */
  public void skipTo(int id) {
    next = id;
  }

  /** {@code id} is the order's new newest: a walk that had ended goes on with it. */
  public void arrived(int id) {
    if (next == EvictionPolicy.NONE) {
      next = id;
    }
  }

  /** {@code id} is about to leave its place in the order. */
  public void leaving(int id) {
    if (next == id) {
      next = orders.newerThan(id);
    }
  }
}
