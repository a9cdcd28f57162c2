package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;

/**
 * One recency order per client, and what each client holds. Grows, and allocates, when a client is
 * first seen; owners are dense. 12 bytes per id and 40 per client.
 */
final class OwnerLists {
  private final Orders orders;
  private OldestFirst[] walks = new OldestFirst[0];
  private long[] pagesOf = new long[0];
  private int[] ownerOf;
  private int owners;

  OwnerLists(int expectedIds) {
    orders = new Orders(1, expectedIds);
    ownerOf = new int[Math.max(16, expectedIds)];
  }

  int owners() {
    return owners;
  }

  long pagesOf(int owner) {
    return pagesOf[owner];
  }

  int ownerOf(int id) {
    return ownerOf[id];
  }

  OldestFirst walk(int owner) {
    return walks[owner];
  }

  void restart() {
    for (int owner = 0; owner < owners; owner++) {
      walks[owner].restart();
    }
  }

  void add(int id, int owner, long pages) {
    if (id >= ownerOf.length) {
      ownerOf = Arrays.copyOf(ownerOf, Math.max(2 * ownerOf.length, id + 1));
    }
    ensureOwner(owner);
    ownerOf[id] = owner;
    pagesOf[owner] += pages;
    orders.addNewest(owner, id);
  }

  void touch(int id) {
    walks[ownerOf[id]].leaving(id);
    orders.makeNewest(ownerOf[id], id);
  }

  /** The walk over its client's order goes on from its neighbour. */
  void remove(int id, long pages) {
    int owner = ownerOf[id];
    walks[owner].leaving(id);
    pagesOf[owner] -= pages;
    orders.remove(owner, id);
  }

  private void ensureOwner(int owner) {
    if (owner < owners) {
      return;
    }
    orders.ensureOrders(owner + 1);
    walks = Arrays.copyOf(walks, owner + 1);
    pagesOf = Arrays.copyOf(pagesOf, owner + 1);
    for (; owners <= owner; owners++) {
      walks[owners] = new OldestFirst(orders, owners);
    }
  }
}
