package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * The order of WDDM's VidMm: offered buffers first, lowest priority before higher; then those of
 * the client furthest over its {@link Residents#budgetPages budget}, its least recently used first;
 * then the least recently used of all. Between demands a client over budget is trimmed of what it
 * did not use since the last periodic trim. Reclaiming an offer, a use too, makes a buffer the
 * newest. Looks at every client for each victim. 29 bytes per id.
 */
public final class WddmPolicy implements EvictionPolicy {
  /** The period of the trim; its length is not published, this one is our choice: 1 s. */
  public static final long TRIM_PERIOD_NANOS = 1_000_000_000L;

  private static final byte NOT_OFFERED = -1;

  private final Residents residents;
  private final OwnerLists held;
  private final Orders offered;
  private final OldestFirst[] offeredWalks = new OldestFirst[Residents.PRIORITIES];
  private long[] lastUse;
  private byte[] offeredAt;
  private long periodStart;
  private long trimBefore = Long.MIN_VALUE;

  public WddmPolicy(PolicyContext context) {
    residents = context.residents();
    int ids = Math.max(16, context.expectedIds());
    held = new OwnerLists(ids);
    offered = new Orders(Residents.PRIORITIES, ids);
    for (int priority = 0; priority < Residents.PRIORITIES; priority++) {
      offeredWalks[priority] = new OldestFirst(offered, priority);
    }
    lastUse = new long[ids];
    offeredAt = new byte[ids];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (id >= lastUse.length) {
      lastUse = Arrays.copyOf(lastUse, Math.max(2 * lastUse.length, id + 1));
      offeredAt = Arrays.copyOf(offeredAt, lastUse.length);
    }
    lastUse[id] = nowNanos;
    enlist(id);
  }

  private void enlist(int id) {
    offeredAt[id] = residents.discardable(id) ? (byte) residents.priority(id) : NOT_OFFERED;
    if (offeredAt[id] == NOT_OFFERED) {
      held.add(id, residents.owner(id), residents.pages(id));
    } else {
      offered.addNewest(offeredAt[id], id);
    }
  }

  private void delist(int id) {
    if (offeredAt[id] == NOT_OFFERED) {
      held.remove(id, residents.pages(id));
    } else {
      offeredWalks[offeredAt[id]].leaving(id);
      offered.remove(offeredAt[id], id);
    }
  }

  @Override
  public void used(int id, long nowNanos) {
    lastUse[id] = nowNanos;
    if (offeredAt[id] == NOT_OFFERED) {
      held.touch(id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    delist(id);
  }

  /** Offered, reclaimed, or given another priority or owner. */
  @Override
  public void changed(int id, long nowNanos) {
    delist(id);
    enlist(id);
  }

  /** A user's trim makes the buffer one not used since the last period. */
  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint == Hint.WILL_NEED) {
      used(id, nowNanos);
    } else {
      lastUse[id] = Long.MIN_VALUE;
    }
  }

  @Override
  public void begin(Demand demand) {
    held.restart();
    for (OldestFirst walk : offeredWalks) {
      walk.restart();
    }
  }

  @Override
  public int victim(Demand demand) {
    for (OldestFirst walk : offeredWalks) {
      int victim = walk.next(demand);
      if (victim != NONE) {
        return victim;
      }
    }
    for (int owner = nextOwner(); owner != NONE; owner = nextOwner()) {
      int victim = step(held.walk(owner), demand);
      if (victim != NONE) {
        return victim;
      }
    }
    return NONE;
  }

  /** One candidate of that client: the choice of the client is made anew for each. */
  private static int step(OldestFirst walk, Demand demand) {
    int candidate = walk.peek();
    walk.leaving(candidate);
    return demand.accepts(candidate) ? candidate : NONE;
  }

  /** The client furthest over budget, else the one whose next candidate is the oldest. */
  private int nextOwner() {
    int over = NONE;
    int idle = NONE;
    long excess = 0;
    for (int owner = 0; owner < held.owners(); owner++) {
      int candidate = held.walk(owner).peek();
      if (candidate != NONE) {
        if (excess(owner) > excess) {
          excess = excess(owner);
          over = owner;
        }
        if (idle == NONE || lastUse[candidate] < lastUse[held.walk(idle).peek()]) {
          idle = owner;
        }
      }
    }
    return over != NONE ? over : idle;
  }

  private long excess(int owner) {
    return held.pagesOf(owner) - residents.budgetPages(owner);
  }

  @Override
  public void tick(long nowNanos) {
    if (nowNanos - periodStart >= TRIM_PERIOD_NANOS) {
      trimBefore = periodStart;
      periodStart = nowNanos;
    }
  }

  /** What clients over budget did not use since the last period began. */
  @Override
  public int surplus(Demand demand) {
    for (int owner = 0; owner < held.owners(); owner++) {
      OldestFirst walk = held.walk(owner);
      for (int id = walk.peek();
          id != NONE && excess(owner) > 0 && lastUse[id] < trimBefore;
          id = walk.peek()) {
        walk.leaving(id);
        if (demand.accepts(id)) {
          return id;
        }
      }
    }
    return NONE;
  }
}
