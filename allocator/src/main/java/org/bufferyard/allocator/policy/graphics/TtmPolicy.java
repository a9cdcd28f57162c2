package org.bufferyard.allocator.policy.graphics;

import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * TTM's order: four priorities, lowest first; within one the least recently used first; the buffers
 * of a group (a VM) age as a unit, but for those shared with others, which age by themselves. What
 * may be dropped is of the lowest priority, as amdgpu's discardable buffers are; so is what its
 * user says it does not need, until its next use, as i915's purgeable ones. Pinned buffers are off
 * the lists and come back as the newest. What cannot be reserved at once is skipped and, in a wider
 * pass of the demand, waited for. Model of {@code ttm_lru_bulk_move_tail} and {@code
 * ttm_bo_evict_alloc}, {@code drivers/gpu/drm/ttm}. 14 bytes per id.
 */
public final class TtmPolicy implements EvictionPolicy {
  private static final int LOWEST = 0;

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
    lists.add(id, listOf(id), unitOf(id));
  }

  private int listOf(int id) {
    return residents.discardable(id) ? LOWEST : residents.priority(id);
  }

  private int unitOf(int id) {
    return residents.shared(id) ? Residents.NO_GROUP : residents.group(id);
  }

  @Override
  public void used(int id, long nowNanos) {
    if (!lists.contains(id)) {
      return;
    }
    if (lists.orderOf(id) == LOWEST && isSetAside(id)) {
      changed(id, nowNanos);
      return;
    }
    walk.touching(id);
    lists.touch(id);
  }

  /** Whether a hint put it among the lowest. */
  private boolean isSetAside(int id) {
    return listOf(id) != LOWEST || lists.groupOf(id) != unitOf(id);
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    if (hint == Hint.WILL_NEED) {
      used(id, nowNanos);
    } else if (lists.contains(id)) {
      pinned(id);
      lists.add(id, LOWEST, Residents.NO_GROUP);
      if (hint == Hint.EVICT_FIRST) {
        lists.makeOldest(id);
      }
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
