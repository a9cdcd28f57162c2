package org.bufferyard.allocator.policy.cache;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/** Most recently used leaves first: good on loops, bad on all else. 8 bytes per id. */
public final class MruPolicy implements EvictionPolicy {
  private static final int RECENT = 0;

  private final Orders orders;
  private int cursor = NONE;

  public MruPolicy(PolicyContext context) {
    orders = new Orders(1, context.expectedIds());
  }

  @Override
  public void admitted(int id, long nowNanos) {
    orders.addNewest(RECENT, id);
  }

  @Override
  public void used(int id, long nowNanos) {
    stepOver(id);
    orders.makeNewest(RECENT, id);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    stepOver(id);
    orders.remove(RECENT, id);
  }

  @Override
  public void begin(Demand demand) {
    cursor = orders.newest(RECENT);
  }

  @Override
  public int victim(Demand demand) {
    while (cursor != NONE) {
      int candidate = cursor;
      cursor = orders.olderThan(candidate);
      if (demand.accepts(candidate)) {
        return candidate;
      }
    }
    return NONE;
  }

  private void stepOver(int id) {
    if (cursor == id) {
      cursor = orders.olderThan(id);
    }
  }
}
