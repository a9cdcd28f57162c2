package org.bufferyard.allocator.policy.graphics;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Residents;

/**
 * A demand's walk over all orders of a {@link BulkOrders}, lowest order first and oldest first,
 * that takes the buffers of the demand's own group only after all others: evicting what the same
 * submission needs helps nobody.
 */
final class BulkWalk {
  private final BulkOrders bulk;
  private final OldestFirst[] walks;
  private int order;
  private boolean own;

  BulkWalk(BulkOrders bulk, int orderCount) {
    this.bulk = bulk;
    walks = new OldestFirst[orderCount];
    for (int i = 0; i < orderCount; i++) {
      walks[i] = new OldestFirst(bulk.orders(), i);
    }
  }

  void restart() {
    own = false;
    rewind();
  }

  private void rewind() {
    order = 0;
    for (OldestFirst walk : walks) {
      walk.restart();
    }
  }

  /** {@code id} is about to leave its place. */
  void leaving(int id) {
    for (OldestFirst walk : walks) {
      walk.leaving(id);
    }
  }

  /**
   * {@code id} is about to be touched, and its group's run with it: the walk steps over the run.
   */
  void touching(int id) {
    int group = bulk.groupOf(id);
    OldestFirst walk = walks[bulk.orderOf(id)];
    int at = walk.peek();
    if (at != EvictionPolicy.NONE && group != Residents.NO_GROUP && bulk.groupOf(at) == group) {
      walk.skipTo(bulk.orders().newerThan(bulk.lastOf(group, bulk.orderOf(id))));
    }
    walk.leaving(id);
  }

  int next(Demand demand) {
    int found = sweep(demand);
    if (found == EvictionPolicy.NONE && !own && demand.group() != Residents.NO_GROUP) {
      own = true;
      rewind();
      found = sweep(demand);
    }
    return found;
  }

  private int sweep(Demand demand) {
    for (; order < walks.length; order++) {
      OldestFirst walk = walks[order];
      for (int id = walk.peek(); id != EvictionPolicy.NONE; id = walk.peek()) {
        walk.leaving(id);
        boolean sameGroup =
            demand.group() != Residents.NO_GROUP && bulk.groupOf(id) == demand.group();
        if (sameGroup == own && demand.accepts(id)) {
          return id;
        }
      }
    }
    return EvictionPolicy.NONE;
  }
}
