package org.bufferyard.actors.extension;

import java.util.concurrent.atomic.LongAdder;
import org.bufferyard.actors.protocol.YardEvent;

/** Counts of one yard since it opened. Thread-safe. */
public final class YardEvents {
  private final LongAdder evictions = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final LongAdder movedBytes = new LongAdder();
  private final LongAdder laggards = new LongAdder();
  private final LongAdder faults = new LongAdder();

  YardEvents() {}

  void observed(YardEvent event) {
    switch (event) {
      case YardEvent.Moved moved -> {
        moves.increment();
        movedBytes.add(moved.sizeBytes());
        if (moved.cause() == YardEvent.Cause.EVICTION) {
          evictions.increment();
        }
      }
      case YardEvent.Laggard laggard -> laggards.increment();
      case YardEvent.Violation violation -> faults.increment();
    }
  }

  /** Buffers moved out of the way of others. */
  public long evictions() {
    return evictions.sum();
  }

  public long moves() {
    return moves.sum();
  }

  public long movedBytes() {
    return movedBytes.sum();
  }

  /** Importers that did not let go in time. */
  public long laggards() {
    return laggards.sum();
  }

  /** Invariants that did not hold; the first ends the yard. */
  public long faults() {
    return faults.sum();
  }
}
