package org.bufferyard.allocator.policy.cache;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;

/**
 * Least frequently used leaves first; uses are counted while resident and forgotten on leaving;
 * among equals the one that reached its count first. Constant time; 12 bytes per id and 12 per
 * distinct count.
 *
 * <p>One order, sorted by count and then by arrival at it. A <em>step</em> is the run of equal
 * counts; {@code newest[step]} is where the next arrival goes, {@code members[step]} frees it.
 */
public final class LfuPolicy implements EvictionPolicy {
  private static final int SORTED = 0;

  private final Orders orders;
  private int[] stepOf;
  private int[] count = new int[16];
  private int[] newest = new int[16];
  private int[] members = new int[16];
  private int[] freeSteps = new int[16];
  private int free;
  private int steps;
  private final OldestFirst walk;

  public LfuPolicy(PolicyContext context) {
    orders = new Orders(1, context.expectedIds());
    walk = new OldestFirst(orders, SORTED);
    stepOf = new int[Math.max(16, context.expectedIds())];
  }

  @Override
  public void admitted(int id, long nowNanos) {
    if (id >= stepOf.length) {
      stepOf = Arrays.copyOf(stepOf, 2 * id);
    }
    place(id, 1, NONE);
  }

  @Override
  public void used(int id, long nowNanos) {
    walk.leaving(id);
    int step = stepOf[id];
    int next = count[step] + 1;
    int last = newest[step];
    int after = last == id ? orders.olderThan(id) : last;
    takeOut(id);
    place(id, next, after);
  }

  /**
   * Puts {@code id} at the end of the step of {@code uses}, which is or comes after {@code after}.
   */
  private void place(int id, int uses, int after) {
    int follower = after == NONE ? orders.oldest(SORTED) : orders.newerThan(after);
    boolean exists = follower != NONE && count[stepOf[follower]] == uses;
    int step = exists ? stepOf[follower] : newStep(uses);
    int before = exists ? newest[step] : after;
    if (before == NONE) {
      orders.addOldest(SORTED, id);
    } else {
      orders.addNewerThan(SORTED, before, id);
    }
    stepOf[id] = step;
    newest[step] = id;
    members[step]++;
  }

  private int newStep(int uses) {
    int step = free > 0 ? freeSteps[--free] : steps++;
    if (step == count.length) {
      count = Arrays.copyOf(count, 2 * step);
      newest = Arrays.copyOf(newest, 2 * step);
      members = Arrays.copyOf(members, 2 * step);
      freeSteps = Arrays.copyOf(freeSteps, 2 * step);
    }
    count[step] = uses;
    members[step] = 0;
    return step;
  }

  private void takeOut(int id) {
    int step = stepOf[id];
    if (--members[step] == 0) {
      freeSteps[free++] = step;
    } else if (newest[step] == id) {
      newest[step] = orders.olderThan(id);
    }
    orders.remove(SORTED, id);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    walk.leaving(id);
    takeOut(id);
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
