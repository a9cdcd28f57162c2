package org.bufferyard.allocator.policy.offline;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Future;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * Belady's MIN: what is used farthest in the future leaves first. Optimal in misses where all sizes
 * are equal; with sizes a heuristic. {@code nowNanos} is the request's number.
 *
 * <p>Two variants: insertion is mandatory (a buffer must be resident to be used), or the incoming
 * buffer is a candidate itself and is spilled where its next use is the farthest.
 *
 * <p>A resident is found by its next use, the number of a request, in a {@link BitTree}; those
 * never used again are an order of their own and leave first. 12 bytes per id, an eighth per
 * request.
 */
public final class OptPolicy implements EvictionPolicy {
  private static final int NEVER = 0;

  private final boolean bypass;
  private final Future future;
  private final Orders orders;
  private final OldestFirst neverWalk;
  private final BitTree nextUses;
  private final int[] nextUse;
  private int limit;

  private OptPolicy(PolicyContext context, boolean bypass) {
    this.bypass = bypass;
    future = context.future();
    orders = new Orders(1, context.expectedIds());
    neverWalk = new OldestFirst(orders, NEVER);
    nextUses = new BitTree(future.requests());
    nextUse = new int[context.expectedIds()];
  }

  public static OptPolicy mandatory(PolicyContext context) {
    return new OptPolicy(context, false);
  }

  public static OptPolicy bypass(PolicyContext context) {
    return new OptPolicy(context, true);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    nextUse[id] = future.nextUse((int) nowNanos);
    if (nextUse[id] == future.requests()) {
      orders.addNewest(NEVER, id);
    } else {
      nextUses.add(nextUse[id]);
    }
  }

  @Override
  public void used(int id, long nowNanos) {
    takeOut(id);
    admitted(id, nowNanos);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    takeOut(id);
  }

  private void takeOut(int id) {
    if (nextUse[id] == future.requests()) {
      neverWalk.leaving(id);
      orders.remove(NEVER, id);
    } else {
      nextUses.remove(nextUse[id]);
    }
  }

  @Override
  public void begin(Demand demand) {
    neverWalk.restart();
    limit = future.requests();
  }

  @Override
  public int victim(Demand demand) {
    int never = neverWalk.next(demand);
    if (never != NONE) {
      return never;
    }
    for (int use = nextUses.below(limit); use >= 0; use = nextUses.below(limit)) {
      if (bypass && !demand.mustReside() && use < future.nextUse((int) demand.nowNanos())) {
        return SPILL;
      }
      limit = use;
      int candidate = future.id(use);
      if (demand.accepts(candidate)) {
        return candidate;
      }
    }
    return NONE;
  }
}
