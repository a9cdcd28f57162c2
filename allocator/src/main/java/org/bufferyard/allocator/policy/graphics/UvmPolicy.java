package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.Hint;
import org.bufferyard.allocator.policy.OldestFirst;
import org.bufferyard.allocator.policy.Orders;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * NVIDIA UVM's order: what is not needed any more first, then first in by last migration; use
 * changes nothing. What thrashes is throttled, then pinned where it is, by a {@link
 * ThrashDetector}. Model of {@code uvm_pmm_gpu.c}; a buffer stands for a block. 29 bytes per id.
 */
public final class UvmPolicy implements EvictionPolicy {
  private static final int UNUSED = 0;
  private static final int MIGRATED = 1;

  private final Residents residents;
  private final Orders orders;
  private final OldestFirst unusedWalk;
  private final OldestFirst migratedWalk;
  private final ThrashDetector thrashing;
  private byte[] list;

  public UvmPolicy(PolicyContext context) {
    residents = context.residents();
    int ids = Math.max(16, context.expectedIds());
    orders = new Orders(2, ids);
    unusedWalk = new OldestFirst(orders, UNUSED);
    migratedWalk = new OldestFirst(orders, MIGRATED);
    thrashing = new ThrashDetector(ThrashDetector.UVM_LAPSE_NANOS, true, ids);
    list = new byte[ids];
  }

  @Override
  public Admission admission(Demand demand) {
    int id = demand.incoming();
    return id == NONE || demand.mustReside()
        ? Admission.ADMIT
        : thrashing.admission(id, demand.nowNanos());
  }

  @Override
  public void admitted(int id, long nowNanos) {
    ensure(id);
    thrashing.migrated(id, nowNanos);
    enlist(id, residents.discardable(id) ? UNUSED : MIGRATED);
  }

  private void enlist(int id, int where) {
    list[id] = (byte) where;
    orders.addNewest(where, id);
  }

  /** Faults migrate, uses of what is resident are not seen. */
  @Override
  public void used(int id, long nowNanos) {}

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    delist(id);
    if (reason == Removal.EVICTED) {
      thrashing.migrated(id, nowNanos);
    } else {
      forgotten(id);
    }
  }

  private void delist(int id) {
    unusedWalk.leaving(id);
    migratedWalk.leaving(id);
    orders.remove(list[id], id);
  }

  @Override
  public void forgotten(int id) {
    thrashing.forget(id);
  }

  @Override
  public void changed(int id, long nowNanos) {
    int wanted = residents.discardable(id) ? UNUSED : MIGRATED;
    if (list[id] != wanted) {
      delist(id);
      enlist(id, wanted);
    }
  }

  @Override
  public void hinted(int id, Hint hint, long nowNanos) {
    delist(id);
    enlist(id, hint == Hint.WILL_NEED ? MIGRATED : UNUSED);
  }

  @Override
  public void begin(Demand demand) {
    unusedWalk.restart();
    migratedWalk.restart();
  }

  @Override
  public int victim(Demand demand) {
    int victim = unusedWalk.next(demand);
    return victim != NONE ? victim : migratedWalk.next(demand);
  }

  private void ensure(int id) {
    if (id >= list.length) {
      list = Arrays.copyOf(list, Math.max(2 * list.length, id + 1));
    }
  }
}
