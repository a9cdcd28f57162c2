package org.bufferyard.deviceactors.path;

import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;

/**
 * How one device reaches memory. Not thread-safe; owned by its {@link PathActor}. A refused mapping
 * leaves the model as it was.
 */
interface DmaModel {
  /** A view of a buffer's pages in the device's addresses, until {@link #unmap}. */
  Outcome<SgTable> map(Extents pages, DmaDirection direction, DmaConstraints constraints);

  /** The view is gone: from here on no access with it reaches a page. */
  void unmap(SgTable view);

  /** Some pages of a live view change hands between the CPU and the device. */
  default void sync(SgTable view, long pages, boolean forDevice) {}

  /** Runs accesses through the views alone; the report says how many bytes were copied for it. */
  DmaJob.Report run(DmaJob job);

  Holdings holdings();

  /**
   * What the model holds for live views, and has flushed.
   *
   * @param pages of a pool, an aperture or an address space
   */
  record Holdings(long views, long pages, long flushedPages) {
    static final Holdings NONE = new Holdings(0, 0, 0);

    Holdings plus(Holdings other) {
      return new Holdings(
          views + other.views, pages + other.pages, flushedPages + other.flushedPages);
    }
  }
}
