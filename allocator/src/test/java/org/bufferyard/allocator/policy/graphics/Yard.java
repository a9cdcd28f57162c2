package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/** A region of 100 buffers whose facts a test sets by hand. */
final class Yard implements Residents {
  static final int IDS = 100;
  static final long MS = 1_000_000L;

  final long[] pages = filled(1);
  final int[] priority = new int[IDS];
  final int[] owner = new int[IDS];
  final int[] group = new int[IDS];
  final boolean[] shared = new boolean[IDS];
  final boolean[] discardable = new boolean[IDS];
  final long[] moveCost = filled(1000);
  final long[] firstPfn = filled(-1);
  final long[] budget = filled(Long.MAX_VALUE);
  final Demand demand = new Demand(this);
  private final EvictionPolicy policy;

  Yard(long capacityPages, Function<PolicyContext, EvictionPolicy> constructor) {
    Arrays.fill(priority, NORMAL_PRIORITY);
    Arrays.fill(group, NO_GROUP);
    policy =
        constructor.apply(new PolicyContext(capacityPages, IDS, this, new SplittableRandom(1)));
  }

  private static long[] filled(long value) {
    long[] column = new long[IDS];
    Arrays.fill(column, value);
    return column;
  }

  EvictionPolicy policy() {
    return policy;
  }

  void admit(long nowNanos, int... ids) {
    for (int id : ids) {
      policy.admitted(id, nowNanos);
    }
  }

  void use(long nowNanos, int... ids) {
    policy.used(ids, 0, ids.length, nowNanos);
  }

  /** The next {@code count} victims of a demand of group {@code asking}; they leave. */
  int[] evict(int count, int asking, long nowNanos) {
    demand.reset(EvictionPolicy.NONE, count, nowNanos).askedBy(0, asking);
    policy.begin(demand);
    int[] victims = new int[count];
    for (int i = 0; i < count; i++) {
      victims[i] = policy.victim(demand);
      if (victims[i] >= 0) {
        policy.removed(victims[i], Removal.EVICTED, nowNanos);
      }
    }
    return victims;
  }

  int[] evict(int count, long nowNanos) {
    return evict(count, NO_GROUP, nowNanos);
  }

  /** What the policy wants out after a tick, all of it; it leaves. */
  int[] trim(long nowNanos) {
    policy.tick(nowNanos);
    demand.reset(EvictionPolicy.NONE, 0, nowNanos);
    policy.begin(demand);
    int[] out = new int[IDS];
    int count = 0;
    for (int id = policy.surplus(demand); id >= 0; id = policy.surplus(demand)) {
      out[count++] = id;
      policy.removed(id, Removal.EVICTED, nowNanos);
    }
    return Arrays.copyOf(out, count);
  }

  /** What returns to {@code roomPages} of free room; it arrives and fills them. */
  int[] bringBack(long roomPages, long nowNanos) {
    int[] back = new int[IDS];
    int count = 0;
    long room = roomPages;
    demand.reset(EvictionPolicy.NONE, room, nowNanos);
    for (int id = policy.bringBack(demand); id >= 0; id = policy.bringBack(demand)) {
      back[count++] = id;
      room -= pages[id];
      policy.admitted(id, nowNanos);
      demand.reset(EvictionPolicy.NONE, room, nowNanos);
    }
    return Arrays.copyOf(back, count);
  }

  @Override
  public long pages(int id) {
    return pages[id];
  }

  @Override
  public int priority(int id) {
    return priority[id];
  }

  @Override
  public int owner(int id) {
    return owner[id];
  }

  @Override
  public int group(int id) {
    return group[id];
  }

  @Override
  public boolean shared(int id) {
    return shared[id];
  }

  @Override
  public boolean discardable(int id) {
    return discardable[id];
  }

  @Override
  public long moveCostNanos(int id) {
    return moveCost[id];
  }

  @Override
  public long firstPfn(int id) {
    return firstPfn[id];
  }

  @Override
  public long budgetPages(int client) {
    return budget[client];
  }
}
