package org.bufferyard.allocator.policy.graphics;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * TTM's order: four priorities, lowest first; within one the least recently used first; the buffers
 * of a group (a VM) age as a unit. Pinned buffers are off the lists and come back as the newest.
 * What cannot be reserved at once is skipped and, in a wider pass of the demand, waited for. Model
 * of {@code ttm_lru_bulk_move_tail} and {@code ttm_bo_evict_alloc}, {@code drivers/gpu/drm/ttm}. 14
 * bytes per id.
 */
public final class TtmPolicy implements EvictionPolicy {
  private final Residents residents;
  private final BulkOrders lists;
  private final BulkWalk walk;

  public TtmPolicy(PolicyContext context) {
    residents = context.residents();
    lists = new BulkOrders(Residents.PRIORITIES, context.expectedIds());
    walk = new BulkWalk(lists, Residents.PRIORITIES);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    lists.add(id, residents.priority(id), residents.group(id));
  }

  @Override
  public void used(int id, long nowNanos) {
    if (lists.contains(id)) {
      walk.touching(id);
      lists.touch(id);
    }
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    pinned(id);
  }

  @Override
  public void pinned(int id) {
    if (lists.contains(id)) {
      walk.leaving(id);
      lists.remove(id);
    }
  }

  @Override
  public void unpinned(int id, long nowNanos) {
    if (!lists.contains(id)) {
      admitted(id, nowNanos);
    }
  }

  /** The buffer changes list as the newest of the new one. */
  @Override
  public void changed(int id, long nowNanos) {
    if (lists.contains(id)) {
      pinned(id);
      admitted(id, nowNanos);
    }
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
