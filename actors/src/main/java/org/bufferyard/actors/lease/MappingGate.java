package org.bufferyard.actors.lease;

import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.sg.SgTable;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside one generation of a mapping: a count of its leases, and whether it is closed to new
 * ones. The one thing that the importer and those who hold leases share, since leases end on any
 * thread: it stands for the memory, whose uses no message can order.
 */
final class MappingGate {
  /** What the importer hears, on the thread of whoever left. */
  interface Watcher {
    /** Nobody is inside for the first time: the hold on the buffer may go. */
    void idle(MappingGate gate);

    /** Closed, and the last one has left. */
    void quiesced(MappingGate gate);

    /** Many leases have been taken since {@link #gather}. */
    void crowd(MappingGate gate);
  }

  /** The importer is told of leases taken at the gate so many at once. */
  private static final int CROWD = 64;

  final PhysicalMemory memory;
  final SgTable table;
  final long generation;
  final int region;
  final Bond bond;
  private final Watcher watcher;
  private final GateCount count = GateCount.fresh();

  /** Leases taken at the gate since the importer looked, newest first. */
  private final AtomicReference<@Nullable Mapping> fresh = new AtomicReference<>();

  MappingGate(
      PhysicalMemory memory,
      SgTable table,
      long generation,
      int region,
      Bond bond,
      Watcher watcher) {
    this.memory = memory;
    this.table = table;
    this.generation = generation;
    this.region = region;
    this.bond = bond;
    this.watcher = watcher;
  }

  /** One more inside; false: closed. */
  boolean enter() {
    return count.enter();
  }

  /** As {@link #enter}, by the importer. */
  boolean enterByOwner() {
    return count.enterByOwner();
  }

  /** By the importer, which has heard that it was idle. */
  void idleHeard() {
    count.idleHeard();
  }

  void leave() {
    switch (count.leave()) {
      case IDLE -> watcher.idle(this);
      case QUIESCED -> watcher.quiesced(this);
      case OTHERS_INSIDE -> {}
    }
  }

  /**
   * By the importer: nobody enters from now on; true: nobody is inside, and {@code quiesced} is not
   * told.
   */
  boolean close() {
    return count.close();
  }

  boolean isOpen() {
    return count.isOpen();
  }

  /** About as many are inside as one attachment may have leases. */
  boolean isCrowded() {
    return count.insideAtLeast() >= ImporterPlan.LEASES_MAX;
  }

  /** By whoever has entered with it: the importer is to know of the lease. */
  void taken(Mapping lease) {
    Mapping before = fresh.get();
    lease.follow(before);
    while (!fresh.compareAndSet(before, lease)) {
      before = fresh.get();
      lease.follow(before);
    }
    if (lease.position() == CROWD) {
      watcher.crowd(this);
    }
  }

  /** By the importer: the leases taken since it last looked; each knows the one before. */
  @Nullable Mapping gather() {
    return fresh.getAndSet(null);
  }

  /** By the importer. */
  boolean inUse() {
    return !count.isEmpty();
  }
}
