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
 * changes nothing. Thrashing is detected per buffer: migrations in quick succession throttle its
 * users, and after several throttles it is pinned where it is and mapped remotely for a while.
 * Model of {@code uvm_pmm_gpu.c} and {@code uvm_perf_thrashing.c}; a buffer stands for a block. 29
 * bytes per id.
 */
public final class UvmPolicy implements EvictionPolicy {
  /** Two migrations within it belong together; also how long a user is throttled. */
  public static final long LAPSE_NANOS = 500_000L;

  /** Migrations in succession that are thrashing. */
  public static final int THRASHING_EVENTS = 3;

  /** Throttles before a buffer is pinned. */
  public static final int PIN_AFTER_THROTTLES = 10;

  /** 300 lapses. */
  public static final long PINNED_NANOS = 300 * LAPSE_NANOS;

  /** 2000 lapses: after so long without thrashing everything is forgotten. */
  public static final long EPOCH_NANOS = 2000 * LAPSE_NANOS;

  /** Times that a pin may expire; after them a buffer is left alone. */
  public static final int RESETS_MAX = 4;

  private static final int UNUSED = 0;
  private static final int MIGRATED = 1;

  private final Residents residents;
  private final Orders orders;
  private final OldestFirst unusedWalk;
  private final OldestFirst migratedWalk;
  private byte[] list;
  private long[] lastEvent;
  private long[] pinnedUntil;
  private byte[] events;
  private byte[] throttles;
  private byte[] resets;

  public UvmPolicy(PolicyContext context) {
    residents = context.residents();
    int ids = Math.max(16, context.expectedIds());
    orders = new Orders(2, ids);
    unusedWalk = new OldestFirst(orders, UNUSED);
    migratedWalk = new OldestFirst(orders, MIGRATED);
    list = new byte[ids];
    lastEvent = new long[ids];
    pinnedUntil = new long[ids];
    events = new byte[ids];
    throttles = new byte[ids];
    resets = new byte[ids];
  }

  @Override
  public Admission admission(Demand demand) {
    int id = demand.incoming();
    if (id == NONE || demand.mustReside()) {
      return Admission.ADMIT;
    }
    ensure(id);
    long now = demand.nowNanos();
    if (now < pinnedUntil[id]) {
      return Admission.SPILL;
    }
    calm(id, now);
    if (events[id] < THRASHING_EVENTS || resets[id] >= RESETS_MAX) {
      return Admission.ADMIT;
    }
    return throttle(id, now);
  }

  /** Forgets what is too long ago. */
  private void calm(int id, long now) {
    if (pinnedUntil[id] != 0) {
      pinnedUntil[id] = 0;
      resets[id]++;
      events[id] = 0;
    }
    long since = now - lastEvent[id];
    if (since > LAPSE_NANOS) {
      events[id] = 0;
    }
    if (since > EPOCH_NANOS) {
      throttles[id] = 0;
      resets[id] = 0;
    }
  }

  private Admission throttle(int id, long now) {
    if (throttles[id] < PIN_AFTER_THROTTLES) {
      throttles[id]++;
      return Admission.WAIT;
    }
    throttles[id] = 0;
    pinnedUntil[id] = now + PINNED_NANOS;
    return Admission.SPILL;
  }

  private void migration(int id, long now) {
    boolean soon = now - lastEvent[id] <= LAPSE_NANOS;
    events[id] = (byte) (soon ? Math.min(events[id] + 1, THRASHING_EVENTS) : 1);
    lastEvent[id] = now;
  }

  @Override
  public void admitted(int id, long nowNanos) {
    ensure(id);
    migration(id, nowNanos);
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
      migration(id, nowNanos);
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
    ensure(id);
    events[id] = 0;
    throttles[id] = 0;
    resets[id] = 0;
    pinnedUntil[id] = 0;
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
      int columns = Math.max(2 * list.length, id + 1);
      list = Arrays.copyOf(list, columns);
      lastEvent = Arrays.copyOf(lastEvent, columns);
      pinnedUntil = Arrays.copyOf(pinnedUntil, columns);
      events = Arrays.copyOf(events, columns);
      throttles = Arrays.copyOf(throttles, columns);
      resets = Arrays.copyOf(resets, columns);
    }
  }
}
