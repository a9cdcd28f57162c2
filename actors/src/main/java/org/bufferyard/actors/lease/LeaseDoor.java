package org.bufferyard.actors.lease;

import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * Where leases of an attachment's cached mapping are taken without a message: whoever asks enters
 * the mapping's gate on its own thread, and the importer finds the lease in the gate's list. Shut
 * while nothing is mapped, or what is mapped has to go: then the importer is asked. Thread-safe.
 */
public final class LeaseDoor {
  private final AtomicReference<@Nullable MappingGate> gate = new AtomicReference<>();
  private final LeaseClock clock;
  private final TakenSets sets;
  private final long leaseNanos;

  LeaseDoor(LeaseClock clock, TakenSets sets, long leaseNanos) {
    this.sets = sets;
    this.clock = clock;
    this.leaseNanos = leaseNanos;
  }

  /** By the importer: leases of this mapping may be taken, or none. */
  void lead(@Nullable MappingGate to) {
    gate.set(to);
  }

  boolean isOpen() {
    MappingGate ahead = gate.get();
    return ahead != null && ahead.isOpen();
  }

  /**
   * A lease, or null: the importer is to be asked.
   *
   * <p>The importer closes a gate before it looks for leases to reclaim, and the gate is looked at
   * again once the lease is in its list: so either the importer finds the lease, or it is given
   * back here.
   */
  @Nullable Mapping take(SharedBuffer buffer, DmaDirection direction, Object place) {
    Mapping lease = enter(buffer, direction, place);
    if (lease == null) {
      return null;
    }
    MappingGate entered = lease.gate();
    entered.taken(lease);
    if (entered.isOpen()) {
      return lease;
    }
    lease.close();
    return null;
  }

  /** As {@link #take}; the lease is not in any list yet, which is for the caller to do. */
  @Nullable Mapping enter(SharedBuffer buffer, DmaDirection direction, Object place) {
    MappingGate ahead = gate.get();
    boolean permitted = buffer.mayWrite() || !direction.deviceWrites();
    if (ahead == null || !permitted || ahead.isCrowded() || !ahead.enter()) {
      return null;
    }
    return new Mapping(ahead, buffer, direction, place, null, clock.nowNanos() + leaseNanos);
  }

  /** The doors that share a list are of one importer. */
  boolean isOf(TakenSets importer) {
    return sets.equals(importer);
  }

  /** Sets of leases are listed there. */
  TakenSets sets() {
    return sets;
  }
}
