package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.Residents;

/**
 * Recency orders in which the members of a group stand together and move together, in constant
 * time. Model of {@code struct ttm_lru_bulk_move}: one run per group and order, from {@code first}
 * to {@code last}. 14 bytes per id and 8 per group and order. Not thread-safe.
 */
final class BulkOrders {
  private static final byte ABSENT = -1;

  private final int orderCount;
  private final Orders orders;
  private byte[] orderOf;
  private int[] groupOf;
  private int[] first = new int[0];
  private int[] last = new int[0];

  BulkOrders(int orderCount, int expectedIds) {
    this.orderCount = orderCount;
    orders = new Orders(orderCount, expectedIds);
    orderOf = new byte[Math.max(16, expectedIds)];
    groupOf = new int[orderOf.length];
    Arrays.fill(orderOf, ABSENT);
  }

  Orders orders() {
    return orders;
  }

  boolean contains(int id) {
    return id < orderOf.length && orderOf[id] != ABSENT;
  }

  int orderOf(int id) {
    return orderOf[id];
  }

  int groupOf(int id) {
    return groupOf[id];
  }

  /** The oldest member of {@code group} in {@code order}, or {@link EvictionPolicy#NONE}. */
  int firstOf(int group, int order) {
    int run = run(group, order);
    return run < first.length ? first[run] : EvictionPolicy.NONE;
  }

  /** The newest member of {@code group} in {@code order}, or {@link EvictionPolicy#NONE}. */
  int lastOf(int group, int order) {
    int run = run(group, order);
    return run < last.length ? last[run] : EvictionPolicy.NONE;
  }

  /** Adds {@code id} as the newest of its group's run, or of the order where it has none. */
  void add(int id, int order, int group) {
    ensure(id, group);
    orderOf[id] = (byte) order;
    groupOf[id] = group;
    int run = run(group, order);
    if (group == Residents.NO_GROUP || first[run] == EvictionPolicy.NONE) {
      orders.addNewest(order, id);
    } else {
      orders.addNewerThan(order, last[run], id);
    }
    if (group != Residents.NO_GROUP) {
      last[run] = id;
      first[run] = first[run] == EvictionPolicy.NONE ? id : first[run];
    }
  }

  void remove(int id) {
    int order = orderOf[id];
    if (groupOf[id] != Residents.NO_GROUP) {
      shorten(run(groupOf[id], order), id);
    }
    orders.remove(order, id);
    orderOf[id] = ABSENT;
  }

  private void shorten(int run, int id) {
    if (first[run] == last[run]) {
      first[run] = EvictionPolicy.NONE;
      last[run] = EvictionPolicy.NONE;
    } else if (first[run] == id) {
      first[run] = orders.newerThan(id);
    } else if (last[run] == id) {
      last[run] = orders.olderThan(id);
    }
  }

  /** {@code id}, of no group, becomes the oldest of its order. */
  void makeOldest(int id) {
    orders.remove(orderOf[id], id);
    orders.addOldest(orderOf[id], id);
  }

  /** {@code id} becomes the newest of its run, and the run the newest of its order. */
  void touch(int id) {
    int order = orderOf[id];
    int group = groupOf[id];
    if (group == Residents.NO_GROUP) {
      orders.makeNewest(order, id);
      return;
    }
    int run = run(group, order);
    if (last[run] != id) {
      remove(id);
      add(id, order, group);
    }
    orders.makeRunNewest(order, first[run], last[run]);
  }

  private int run(int group, int order) {
    return group * orderCount + order;
  }

  private void ensure(int id, int group) {
    if (id >= orderOf.length) {
      int old = orderOf.length;
      orderOf = Arrays.copyOf(orderOf, Math.max(2 * old, id + 1));
      groupOf = Arrays.copyOf(groupOf, orderOf.length);
      Arrays.fill(orderOf, old, orderOf.length, ABSENT);
    }
    int runs = (group + 1) * orderCount;
    if (runs > first.length) {
      int old = first.length;
      first = Arrays.copyOf(first, Math.max(2 * old, runs));
      last = Arrays.copyOf(last, first.length);
      Arrays.fill(first, old, first.length, EvictionPolicy.NONE);
      Arrays.fill(last, old, last.length, EvictionPolicy.NONE);
    }
  }
}
