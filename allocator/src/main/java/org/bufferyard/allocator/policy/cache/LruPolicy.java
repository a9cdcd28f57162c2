package org.bufferyard.allocator.policy.cache;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * Least recently used leaves first. Pinned buffers are kept apart, as on TTM's pinned list, and
 * come back as the newest. Use, admission and removal are constant time; 8 bytes per id.
 */
public final class LruPolicy implements EvictionPolicy {
  private static final int RECENT = 0;
  private static final int PINNED = 1;

  private final Orders orders;
  private final PinMarks pins = new PinMarks();
  private final OldestFirst walk;

  public LruPolicy(PolicyContext context) {
    orders = new Orders(2, context.expectedIds());
    walk = new OldestFirst(orders, RECENT);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    orders.addNewest(RECENT, id);
  }

  @Override
  public void used(int id, long nowNanos) {
    if (pins.pinned(id)) {
      return;
    }
    walk.leaving(id);
    orders.makeNewest(RECENT, id);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    if (pins.clear(id)) {
      orders.remove(PINNED, id);
    } else {
      walk.leaving(id);
      orders.remove(RECENT, id);
    }
  }

  @Override
  public void pinned(int id) {
    if (pins.set(id)) {
      walk.leaving(id);
      orders.remove(RECENT, id);
      orders.addNewest(PINNED, id);
    }
  }

  @Override
  public void unpinned(int id, long nowNanos) {
    if (pins.clear(id)) {
      orders.remove(PINNED, id);
      orders.addNewest(RECENT, id);
    }
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint != Hint.WILL_NEED && !pins.pinned(id)) {
      walk.leaving(id);
      orders.remove(RECENT, id);
      orders.addOldest(RECENT, id);
    }
  }

  @Override
  public int replace(int incoming, long nowNanos) {
    int victim = orders.oldest(RECENT);
    orders.replace(RECENT, victim, incoming);
    return victim;
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
