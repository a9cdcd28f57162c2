package org.bufferyard.allocator.policy;

import java.util.Arrays;

/**
 * Several doubly linked orders, oldest to newest, over dense ids; each id is in at most one. The
 * building block of list-based policies: no node objects, 8 bytes per id, every operation constant
 * time. Not thread-safe.
 *
 * <p>Order {@code k} is a ring through sentinel node {@code k}; id {@code i} is node {@code orders
 * + i}. A node's two links are neighbours in memory: following an order costs one cache line a
 * step.
 */
public final class Orders {
  private int orders;
  private int[] sizes;
  private int[] links;

  /** {@code orders} empty orders, with columns for ids below {@code expectedIds}. */
  public Orders(int orders, int expectedIds) {
    this.orders = orders;
    sizes = new int[orders];
    links = new int[2 * (orders + Math.max(16, expectedIds))];
    for (int sentinel = 0; sentinel < orders; sentinel++) {
      links[2 * sentinel] = sentinel;
      links[2 * sentinel + 1] = sentinel;
    }
  }

  /** Makes at least {@code count} orders exist; the new ones are empty. Linear in the ids. */
  public void ensureOrders(int count) {
    if (count <= orders) {
      return;
    }
    int added = Math.max(count, 2 * orders) - orders;
    int[] shifted = new int[links.length + 2 * added];
    for (int node = 0; 2 * node < links.length; node++) {
      int to = node < orders ? node : node + added;
      shifted[2 * to] = shift(links[2 * node], added);
      shifted[2 * to + 1] = shift(links[2 * node + 1], added);
    }
    for (int sentinel = orders; sentinel < orders + added; sentinel++) {
      shifted[2 * sentinel] = sentinel;
      shifted[2 * sentinel + 1] = sentinel;
    }
    links = shifted;
    orders += added;
    sizes = Arrays.copyOf(sizes, orders);
  }

  private int shift(int node, int added) {
    return node < orders ? node : node + added;
  }

  public int size(int order) {
    return sizes[order];
  }

  /** Puts {@code id}, in no order now, at the newest end of {@code order}. */
  public void addNewest(int order, int id) {
    insertAfter(links[2 * order], order, id);
  }

  /** Puts {@code id}, in no order now, at the oldest end of {@code order}. */
  public void addOldest(int order, int id) {
    insertAfter(order, order, id);
  }

  /** Puts {@code id}, in no order now, just newer than {@code other} of {@code order}. */
  public void addNewerThan(int order, int other, int id) {
    insertAfter(orders + other, order, id);
  }

  private void insertAfter(int older, int order, int id) {
    link(older, links[2 * older + 1], orders + id);
    sizes[order]++;
  }

  private void link(int older, int newer, int node) {
    if (2 * node + 1 >= links.length) {
      links = Arrays.copyOf(links, Math.max(4 * node, 2 * links.length));
    }
    links[2 * node] = older;
    links[2 * node + 1] = newer;
    links[2 * older + 1] = node;
    links[2 * newer] = node;
  }

  /** Takes {@code id} out of {@code order}, where it is. */
  public void remove(int order, int id) {
    unlink(orders + id);
    sizes[order]--;
  }

  /**
   * Takes {@code leaving} out of {@code order}, where it is, and puts {@code id}, in no order now,
   * at its newest end.
   */
  public void replace(int order, int leaving, int id) {
    unlink(orders + leaving);
    link(links[2 * order], order, orders + id);
  }

  /** Makes {@code id}, which is in {@code order}, its newest. */
  public void makeNewest(int order, int id) {
    int node = orders + id;
    int newest = links[2 * order];
    if (newest == node) {
      return;
    }
    unlink(node);
    link(newest, order, node);
  }

  /**
   * Makes the run of {@code order} from {@code first} to {@code last}, where it is, the newest,
   * keeping its own order.
   */
  public void makeRunNewest(int order, int first, int last) {
    int firstNode = orders + first;
    int lastNode = orders + last;
    if (links[2 * order] == lastNode) {
      return;
    }
    int older = links[2 * firstNode];
    int newer = links[2 * lastNode + 1];
    links[2 * older + 1] = newer;
    links[2 * newer] = older;
    int newest = links[2 * order];
    links[2 * firstNode] = newest;
    links[2 * newest + 1] = firstNode;
    links[2 * lastNode + 1] = order;
    links[2 * order] = lastNode;
  }

  private void unlink(int node) {
    int older = links[2 * node];
    int newer = links[2 * node + 1];
    links[2 * older + 1] = newer;
    links[2 * newer] = older;
  }

  /** The oldest id of {@code order}, or {@link EvictionPolicy#NONE}. */
  public int oldest(int order) {
    return id(links[2 * order + 1]);
  }

  /** The newest id of {@code order}, or {@link EvictionPolicy#NONE}. */
  public int newest(int order) {
    return id(links[2 * order]);
  }

  /** The neighbour of {@code id} on the newer side, or {@link EvictionPolicy#NONE}. */
  public int newerThan(int id) {
    return id(links[2 * (orders + id) + 1]);
  }

  /** The neighbour of {@code id} on the older side, or {@link EvictionPolicy#NONE}. */
  public int olderThan(int id) {
    return id(links[2 * (orders + id)]);
  }

  private int id(int node) {
    return node < orders ? EvictionPolicy.NONE : node - orders;
  }
}
