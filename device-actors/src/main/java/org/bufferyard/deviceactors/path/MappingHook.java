package org.bufferyard.deviceactors.path;

import java.util.Optional;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.Refusal;

/**
 * A step that a device's model takes around each mapping of it, whoever the importer is: the
 * importer's code neither calls it nor sees it. Owned by the path.
 */
public interface MappingHook {
  /** Before the device's view of the pages is made: nothing, or why it may not be. */
  Optional<Refusal> beforeMap(Extents pages, DmaDirection direction);

  /** After the view is gone. */
  void afterUnmap(Extents pages, DmaDirection direction);

  /** While the view lives, pages of it change hands between the CPU and the device. */
  default void sync(long pages, DmaDirection direction, boolean forDevice) {}

  /** Pages cleaned or invalidated so far. */
  default long flushedPages() {
    return 0;
  }
}
