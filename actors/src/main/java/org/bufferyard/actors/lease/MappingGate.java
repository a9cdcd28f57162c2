package org.bufferyard.actors.lease;

import java.util.concurrent.atomic.AtomicLong;
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

  private static final long CLOSED = 1L << 62;
  private static final long HOLDING = 1L << 61;

  final PhysicalMemory memory;
  final SgTable table;
  final long generation;
  final int region;
  final Bond bond;
  private final Watcher watcher;
  private final AtomicLong users = new AtomicLong(HOLDING);

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
    for (long seen = users.get(); (seen & CLOSED) == 0; seen = users.get()) {
      if (users.compareAndSet(seen, seen + 1)) {
        return true;
      }
    }
    return false;
  }

  void leave() {
    long now = users.decrementAndGet();
    if (now == HOLDING && users.compareAndSet(HOLDING, 0)) {
      watcher.idle(this);
    } else if ((now & CLOSED) != 0 && (now & ~(CLOSED | HOLDING)) == 0) {
      watcher.quiesced(this);
    }
  }

  /** Nobody enters from now on; true: nobody is inside, and {@code quiesced} is not told. */
  boolean close() {
    long before = users.getAndUpdate(seen -> seen | CLOSED);
    return (before & ~(CLOSED | HOLDING)) == 0;
  }

  boolean inUse() {
    return (users.get() & ~(CLOSED | HOLDING)) != 0;
  }
}
