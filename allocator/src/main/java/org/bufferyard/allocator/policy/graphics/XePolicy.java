package org.bufferyard.allocator.policy.graphics;

import java.util.Arrays;
import org.bufferyard.allocator.policy.Demand;
import org.bufferyard.allocator.policy.EvictionPolicy;
import org.bufferyard.allocator.policy.PolicyContext;
import org.bufferyard.allocator.policy.Removal;
import org.bufferyard.allocator.policy.Residents;

/**
 * The order of xe's long-running VMs: one priority, the VM idle longest first, and that VM's
 * buffers until none is left, because the first eviction already stops it. A stopped VM is brought
 * back as a whole, the one stopped longest first, once there is room for all it lost. Buffers
 * without a group, and those shared with others, are units of their own. Hints are not heeded: a VM
 * goes as a whole. Model of the preempt fence and the rebind worker, {@code
 * drivers/gpu/drm/xe/xe_vm.c}. 34 bytes per id and 24 per group.
 */
public final class XePolicy implements EvictionPolicy {
  /**
   * How long a VM stays stopped before it is brought back, against evicting each other in turns.
   * The restore delay of amdgpu's compute queues, which work alike: 100 ms.
   */
  public static final long RESTORE_DELAY_NANOS = 100_000_000L;

  private static final int ONLY = 0;

  private final Residents residents;
  private final BulkOrders resident;
  private final BulkOrders lost;
  private final BulkWalk walk;
  private long[] lostPages = new long[0];
  private long[] stoppedAt = new long[0];
  private int restoring = Residents.NO_GROUP;

  public XePolicy(PolicyContext context) {
    residents = context.residents();
    resident = new BulkOrders(1, context.expectedIds());
    lost = new BulkOrders(1, context.expectedIds());
    walk = new BulkWalk(resident, 1);
  }

  @Override
  public void admitted(int id, long nowNanos) {
    forgotten(id);
    resident.add(id, ONLY, unitOf(id));
  }

  private int unitOf(int id) {
    return residents.shared(id) ? Residents.NO_GROUP : residents.group(id);
  }

  @Override
  public void used(int id, long nowNanos) {
    walk.touching(id);
    resident.touch(id);
  }

  @Override
  public void removed(int id, Removal reason, long nowNanos) {
    walk.leaving(id);
    int group = resident.groupOf(id);
    resident.remove(id);
    if (reason == Removal.EVICTED && group != Residents.NO_GROUP) {
      stop(id, group, nowNanos);
    }
  }

  private void stop(int id, int group, long nowNanos) {
    if (group >= lostPages.length) {
      lostPages = Arrays.copyOf(lostPages, 2 * group + 2);
      stoppedAt = Arrays.copyOf(stoppedAt, lostPages.length);
    }
    stoppedAt[group] = lostPages[group] == 0 ? nowNanos : stoppedAt[group];
    lostPages[group] += residents.pages(id);
    lost.add(id, ONLY, group);
  }

  @Override
  public void forgotten(int id) {
    if (lost.contains(id)) {
      lostPages[lost.groupOf(id)] -= residents.pages(id);
      lost.remove(id);
    }
  }

  @Override
  public void changed(int id, long nowNanos) {
    if (resident.groupOf(id) != unitOf(id)) {
      walk.leaving(id);
      resident.remove(id);
      resident.add(id, ONLY, unitOf(id));
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

  /** The members of one VM after another; a VM is begun only where all it lost has room. */
  @Override
  public int bringBack(Demand room) {
    if (restoring == Residents.NO_GROUP || lostPages[restoring] == 0) {
      restoring = roomFor(room);
    }
    if (restoring == Residents.NO_GROUP) {
      return NONE;
    }
    int end = lost.lastOf(restoring, ONLY);
    for (int id = lost.firstOf(restoring, ONLY); id != NONE; id = lost.orders().newerThan(id)) {
      if (room.accepts(id)) {
        return id;
      }
      if (id == end) {
        break;
      }
    }
    restoring = Residents.NO_GROUP;
    return NONE;
  }

  /** Runs stand in the order in which their VMs were stopped. */
  private int roomFor(Demand room) {
    int id = lost.orders().oldest(ONLY);
    while (id != NONE) {
      int group = lost.groupOf(id);
      boolean rested = room.nowNanos() - stoppedAt[group] >= RESTORE_DELAY_NANOS;
      if (rested && lostPages[group] <= room.pages()) {
        return group;
      }
      id = lost.orders().newerThan(lost.lastOf(group, ONLY));
    }
    return Residents.NO_GROUP;
  }
}
