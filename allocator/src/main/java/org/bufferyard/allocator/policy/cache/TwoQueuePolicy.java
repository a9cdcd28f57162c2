package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * 2Q, full version: newcomers pass through a FIFO ({@code IN}); what leaves it is remembered
 * ({@code OUT}, ghosts), and what returns while remembered enters an LRU ({@code MAIN}). The FIFO
 * gives victims while it holds more than {@code Kin}. Johnson and Shasha, VLDB 1994. 9 bytes per
 * id.
 */
public final class TwoQueuePolicy implements EvictionPolicy {
  /** {@code Kin}: part of the capacity that the FIFO may keep. */
  public static final double IN_SHARE = 0.25;

  /** {@code Kout}: size of the ghosts remembered, as part of the capacity. */
  public static final double OUT_SHARE = 0.5;

  private static final byte ABSENT = 3;
  private static final int IN = 0;
  private static final int MAIN = 1;
  private static final int OUT = 2;

  private final Residents residents;
  private final Orders orders;
  private final long[] pagesOf = new long[3];
  private byte[] queue;
  private long maxIn;
  private long maxOut;
  private boolean returning;
  private int staged = NONE;
  private final OldestFirst inWalk;
  private final OldestFirst mainWalk;

  public TwoQueuePolicy(PolicyContext context) {
    residents = context.residents();
    orders = new Orders(3, context.expectedIds());
    inWalk = new OldestFirst(orders, IN);
    mainWalk = new OldestFirst(orders, MAIN);
    queue = new byte[Math.max(16, context.expectedIds())];
    Arrays.fill(queue, ABSENT);
    resized(context.capacityPages());
  }

  @Override
  public void resized(long capacityPages) {
    maxIn = (long) (IN_SHARE * capacityPages);
    maxOut = (long) (OUT_SHARE * capacityPages);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    stage(id);
    put(returning ? MAIN : IN, id);
    staged = NONE;
  }

  @Override
  public void used(int id, long nowNanos) {
    if (queue[id] == MAIN) {
      stepOver(id);
      orders.makeNewest(MAIN, id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    stepOver(id);
    boolean remember = queue[id] == IN && reason == Removal.EVICTED;
    takeOut(id);
    if (remember) {
      put(OUT, id);
      trimGhosts();
    }
  }

  private void trimGhosts() {
    while (pagesOf[OUT] > maxOut) {
      takeOut(orders.oldest(OUT));
    }
  }

  @Override
  public void forgotten(int id) {
    if (id < queue.length && queue[id] == OUT) {
      takeOut(id);
    }
  }

  @Override
  public void begin(Demand demand) {
    staged = NONE;
    if (demand.incoming() != NONE) {
      stage(demand.incoming());
    }
    inWalk.restart();
    mainWalk.restart();
  }

  /** Looks the incoming buffer up among the ghosts, once, before they are trimmed for it. */
  private void stage(int id) {
    if (staged == id) {
      return;
    }
    staged = id;
    ensure(id);
    returning = queue[id] == OUT;
    if (returning) {
      takeOut(id);
    }
  }

  @Override
  public int victim(Demand demand) {
    OldestFirst favoured = pagesOf[IN] > maxIn ? inWalk : mainWalk;
    int victim = favoured.next(demand);
    return victim != NONE ? victim : (favoured == inWalk ? mainWalk : inWalk).next(demand);
  }

  private void stepOver(int id) {
    inWalk.leaving(id);
    mainWalk.leaving(id);
  }

  private void put(int where, int id) {
    queue[id] = (byte) where;
    pagesOf[where] += residents.pages(id);
    orders.addNewest(where, id);
  }

  private void takeOut(int id) {
    int where = queue[id];
    pagesOf[where] -= residents.pages(id);
    orders.remove(where, id);
    queue[id] = ABSENT;
  }

  private void ensure(int id) {
    if (id >= queue.length) {
      int old = queue.length;
      queue = Arrays.copyOf(queue, Math.max(2 * old, id + 1));
      Arrays.fill(queue, old, queue.length, ABSENT);
    }
  }
}
