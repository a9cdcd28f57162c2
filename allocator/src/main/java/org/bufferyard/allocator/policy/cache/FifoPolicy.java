package org.bufferyard.allocator.policy.cache;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/** First admitted leaves first; use changes nothing. 8 bytes per id. */
public final class FifoPolicy implements EvictionPolicy {
  private static final int ARRIVALS = 0;

  private final Orders orders;
  private final OldestFirst walk;

  public FifoPolicy(PolicyContext context) {
    orders = new Orders(1, context.expectedIds());
    walk = new OldestFirst(orders, ARRIVALS);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    orders.addNewest(ARRIVALS, id);
  }

  @Override
  public void used(int id, long nowNanos) {}

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    walk.leaving(id);
    orders.remove(ARRIVALS, id);
  }

  @Override
  public int serve(int[] ids, int from, int to, boolean[] resident) {
    int missed = 0;
    for (int at = from; at < to; at++) {
      int id = ids[at];
      if (!resident[id]) {
        int victim = orders.oldest(ARRIVALS);
        orders.replace(ARRIVALS, victim, id);
        resident[victim] = false;
        resident[id] = true;
        missed++;
      }
    }
    return missed;
  }

  @Override
  public void begin(Demand demand) {
    walk.restart();
  }

  @Override
  public int victim(Demand demand) {
    return walk.next(demand);
  }
}
