package org.bufferyard.actors.lease;

import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.allocator.sg.SgTable;

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
  }

  final PhysicalMemory memory;
  final SgTable table;
  final long generation;
  final int region;
  final Bond bond;
  private final Watcher watcher;
  private final GateCount count = GateCount.fresh();

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

  void leave() {
    switch (count.leave()) {
      case IDLE -> watcher.idle(this);
      case QUIESCED -> watcher.quiesced(this);
      case OTHERS_INSIDE -> {}
    }
  }

  /** Nobody enters from now on; true: nobody is inside, and {@code quiesced} is not told. */
  boolean close() {
    return count.close();
  }

  boolean inUse() {
    return count.inUse();
  }
}
