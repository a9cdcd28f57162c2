package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * CLOCK with one reference bit: the hand passes used buffers, clearing their bit, and stops at an
 * unused one. The ring is an order whose oldest is under the hand; passing is making it the newest.
 * 9 bytes per id.
 *
 * <p>Two variants that differ in misses: sweep first, so that the incoming buffer lands behind the
 * reinserted ones, or insert first, so that they land behind it, and where all others were used the
 * incoming itself is the victim ({@link EvictionPolicy#SPILL}).
 */
public final class ClockPolicy implements EvictionPolicy {
  private static final int RING = 0;

  private final boolean insertFirst;
  private final Orders orders;
  private byte[] referenced;
  private int staged = NONE;

  private ClockPolicy(PolicyContext context, boolean insertFirst) {
    this.insertFirst = insertFirst;
    orders = new Orders(1, context.expectedIds());
    referenced = new byte[Math.max(16, context.expectedIds())];
  }

  public static ClockPolicy sweepFirst(PolicyContext context) {
    return new ClockPolicy(context, false);
  }

  public static ClockPolicy insertFirst(PolicyContext context) {
    return new ClockPolicy(context, true);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (staged == id) {
      staged = NONE;
    } else {
      link(id);
    }
  }

  private void link(int id) {
    if (id >= referenced.length) {
      referenced = Arrays.copyOf(referenced, 2 * id);
    }
    referenced[id] = 0;
    orders.addNewest(RING, id);
  }

  @Override
  public void used(int id, long nowNanos) {
    referenced[id] = 1;
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    orders.remove(RING, id);
  }

  @Override
  public void begin(Demand demand) {
    unstage();
    if (insertFirst && demand.incoming() != NONE && !demand.mustReside()) {
      staged = demand.incoming();
      link(staged);
    }
  }

  private void unstage() {
    if (staged != NONE) {
      orders.remove(RING, staged);
      staged = NONE;
    }
  }

  /** Two turns of the hand pass everything once with its bit cleared: then nothing is evictable. */
  @Override
  public int victim(Demand demand) {
    int steps = 2 * orders.size(RING);
    while (steps-- > 0) {
      int candidate = orders.oldest(RING);
      if (referenced[candidate] != 0) {
        referenced[candidate] = 0;
      } else if (candidate == staged) {
        unstage();
        return SPILL;
      } else if (demand.accepts(candidate)) {
        return candidate;
      }
      orders.makeNewest(RING, candidate);
    }
    return NONE;
  }
}
