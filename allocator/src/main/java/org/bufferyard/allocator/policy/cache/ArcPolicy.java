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
 * ARC: residents used once ({@code T1}) and more often ({@code T2}), ghosts of both ({@code B1},
 * {@code B2}), and a target {@code p} for the size of {@code T1} that a ghost's return moves: up
 * for one of {@code B1}, down for one of {@code B2}. Megiddo and Modha, FAST 2003. 9 bytes per id.
 *
 * <p>Two variants: the paper's, with a real-valued step of {@code max(1, |B2| / |B1|)}, and one
 * that divides integers. Sizes are counted in pages, and so is the step.
 */
public final class ArcPolicy implements EvictionPolicy {
  private static final int T1 = 0;
  private static final int T2 = 1;
  private static final int B1 = 2;
  private static final int B2 = 3;
  private static final byte ABSENT = 4;

  private final boolean integerStep;
  private final Residents residents;
  private final Orders orders;
  private final OldestFirst onceWalk;
  private final OldestFirst oftenWalk;
  private final long[] pagesOf = new long[4];
  private byte[] list;
  private long capacity;
  private double target;
  private int staged = NONE;
  private byte stagedFrom = ABSENT;
  private boolean forgetOnce;

  private ArcPolicy(PolicyContext context, boolean integerStep) {
    this.integerStep = integerStep;
    residents = context.residents();
    orders = new Orders(4, context.expectedIds());
    onceWalk = new OldestFirst(orders, T1);
    oftenWalk = new OldestFirst(orders, T2);
    list = new byte[Math.max(16, context.expectedIds())];
    Arrays.fill(list, ABSENT);
    capacity = context.capacityPages();
  }

  /** With real-valued target and step, as in the paper. */
  public static ArcPolicy real(PolicyContext context) {
    return new ArcPolicy(context, false);
  }

  /** With an integer step. */
  public static ArcPolicy integer(PolicyContext context) {
    return new ArcPolicy(context, true);
  }

  @Override
  public void resized(long capacityPages) {
    capacity = capacityPages;
    target = Math.min(target, (double) capacity);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    stage(id);
    if (list[id] != ABSENT) {
      takeOut(id);
    }
    put(stagedFrom == ABSENT ? T1 : T2, id);
    staged = NONE;
    forgetOnce = false;
  }

  @Override
  public void used(int id, long nowNanos) {
    leaving(id);
    if (list[id] == T2) {
      orders.makeNewest(T2, id);
    } else {
      takeOut(id);
      put(T2, id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    leaving(id);
    int from = list[id];
    takeOut(id);
    if (reason == Removal.EVICTED && !(from == T1 && forgetOnce)) {
      put(from == T1 ? B1 : B2, id);
      trimGhosts();
    }
  }

  /** Ghosts never exceed the room; only victims of unequal sizes can bring that about. */
  private void trimGhosts() {
    while (pagesOf[B1] > capacity) {
      takeOut(orders.oldest(B1));
    }
    while (pagesOf[B2] > 2 * capacity) {
      takeOut(orders.oldest(B2));
    }
  }

  @Override
  public void forgotten(int id) {
    if (id < list.length && list[id] != ABSENT) {
      takeOut(id);
    }
  }

  @Override
  public void begin(Demand demand) {
    staged = NONE;
    stagedFrom = ABSENT;
    forgetOnce = false;
    if (demand.incoming() != NONE) {
      stage(demand.incoming());
    }
    onceWalk.restart();
    oftenWalk.restart();
  }

  /** Learns from the incoming buffer, once, and makes room among the ghosts for the next one. */
  private void stage(int id) {
    if (staged == id) {
      return;
    }
    staged = id;
    ensure(id);
    stagedFrom = list[id];
    long pages = residents.pages(id);
    switch (stagedFrom) {
      case B1 ->
          target = Math.min((double) capacity, target + pages * step(pagesOf[B2], pagesOf[B1]));
      case B2 -> target = Math.max(0, target - pages * step(pagesOf[B1], pagesOf[B2]));
      default -> makeGhostRoom(pages);
    }
  }

  private double step(long numerator, long denominator) {
    double ratio = (double) numerator / denominator;
    return Math.max(1, integerStep ? Math.floor(ratio) : ratio);
  }

  private void makeGhostRoom(long pages) {
    if (pagesOf[T1] + pagesOf[B1] + pages > capacity) {
      forgetOnce = pagesOf[B1] == 0;
      while (pagesOf[B1] > 0 && pagesOf[T1] + pagesOf[B1] + pages > capacity) {
        takeOut(orders.oldest(B1));
      }
    } else {
      long all = pagesOf[T1] + pagesOf[T2] + pagesOf[B1] + pagesOf[B2];
      while (pagesOf[B2] > 0 && all + pages > 2 * capacity) {
        all -= residents.pages(orders.oldest(B2));
        takeOut(orders.oldest(B2));
      }
    }
  }

  @Override
  public int victim(Demand demand) {
    OldestFirst favoured = fromOnce() ? onceWalk : oftenWalk;
    int victim = favoured.next(demand);
    return victim != NONE ? victim : (favoured == onceWalk ? oftenWalk : onceWalk).next(demand);
  }

  private boolean fromOnce() {
    long once = pagesOf[T1];
    return forgetOnce || once > target || (stagedFrom == B2 && once == target && once > 0);
  }

  private void leaving(int id) {
    onceWalk.leaving(id);
    oftenWalk.leaving(id);
  }

  private void put(int where, int id) {
    list[id] = (byte) where;
    pagesOf[where] += residents.pages(id);
    orders.addNewest(where, id);
  }

  private void takeOut(int id) {
    pagesOf[list[id]] -= residents.pages(id);
    orders.remove(list[id], id);
    list[id] = ABSENT;
  }

  private void ensure(int id) {
    if (id >= list.length) {
      int old = list.length;
      list = Arrays.copyOf(list, Math.max(2 * old, id + 1));
      Arrays.fill(list, old, list.length, ABSENT);
    }
  }
}
