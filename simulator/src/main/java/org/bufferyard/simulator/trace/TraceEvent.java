package org.bufferyard.simulator.trace;

import java.util.List;

/**
 * One event of a trace. Times are nanoseconds since the trace's first event and never decrease.
 * {@code stream} is the part of the capture that it comes from; addresses are GPU virtual addresses
 * of the captured process.
 */
public sealed interface TraceEvent {
  long timeNanos();

  /** Where the driver would place memory: VRAM, VRAM out of the CPU's reach, host memory. */
  enum Heap {
    LOCAL,
    INVISIBLE,
    SYSTEM,
    NONE
  }

  /** What a page-table update does. */
  enum UpdateType {
    DISCARD,
    UPDATE,
    TRANSFER,
    UNKNOWN
  }

  /**
   * A range of addresses was given memory.
   *
   * @param preferences four heaps, most wanted first
   * @param importance how many of them count
   */
  record Allocate(
      long timeNanos,
      int stream,
      long address,
      long sizeBytes,
      int owner,
      List<Heap> preferences,
      int importance)
      implements TraceEvent {}

  record Free(long timeNanos, int stream, long address) implements TraceEvent {}

  /** A memory object was added to, or removed from, what a queue keeps resident. */
  record Residency(long timeNanos, int stream, long address, boolean added, int queue)
      implements TraceEvent {}

  /**
   * The GPU's page table changed for {@code pages} pages.
   *
   * @param pageSizeCode 0 unmapped, 1 to 5: 4K, 64K, 256K, 1M, 2M
   */
  record PageTableUpdate(
      long timeNanos,
      int stream,
      long address,
      long pages,
      long physicalAddress,
      int pageSizeCode,
      boolean unmaps,
      long process,
      UpdateType type,
      int controller)
      implements TraceEvent {}

  record Bind(
      long timeNanos, int stream, long address, long sizeBytes, boolean system, long resource)
      implements TraceEvent {}

  record CreateResource(long timeNanos, int stream, long resource, int type)
      implements TraceEvent {}

  record DestroyResource(long timeNanos, int stream, long resource) implements TraceEvent {}

  record CpuMap(long timeNanos, int stream, long address, boolean unmaps) implements TraceEvent {}

  /**
   * The driver did something that names no memory.
   *
   * @param code 0 graphics, 1 compute and 2 copy submission; others are marks of the driver
   */
  record Misc(long timeNanos, int stream, int code) implements TraceEvent {
    boolean submits() {
      return code <= 2;
    }
  }

  /** A buffer of a lifetime trace comes to life; {@code index} is its place in order of birth. */
  record Birth(long timeNanos, int index, String id, long sizeBytes) implements TraceEvent {}

  record Death(long timeNanos, int index, String id) implements TraceEvent {}

  /** After the last event of every trace. */
  record End(long timeNanos) implements TraceEvent {}
}
