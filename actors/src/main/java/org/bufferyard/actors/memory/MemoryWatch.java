package org.bufferyard.actors.memory;

import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.Extents;

/**
 * Sees each access to memory as it happens, on the thread of whoever makes it, and changes nothing:
 * where a sanitizer hangs in.
 */
public interface MemoryWatch {
  /** Sees nothing. */
  MemoryWatch NONE = new MemoryWatch() {};

  /**
   * A device, or the CPU as device -1, has reached a page frame through its translation.
   *
   * @param page of {@code access.buffer()}, which the device takes the frame for
   */
  default void touched(DeviceId device, DmaJob.Access access, long page, long pfn) {}

  /** All pages of the extents were cleared or poisoned. */
  default void filled(Extents extents, long tag) {}

  /** Consecutive frames were copied. */
  default void copied(long fromPfn, long toPfn, long pages) {}
}
