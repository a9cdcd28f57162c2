package org.bufferyard.allocator.validate;

import org.bufferyard.allocator.Extents;

/**
 * Where a buffer lives at the moment.
 *
 * @param region index of its region, or {@link #NOWHERE}
 * @param extents its frames
 * @param stuck it is pinned, mapped by a static importer or open to the CPU: it may not move
 */
public record Present(int region, Extents extents, boolean stuck) {
  /** The region of a buffer without memory. */
  public static final int NOWHERE = -1;

  public static Present nowhere() {
    return new Present(NOWHERE, Extents.NONE, false);
  }

  public boolean hasMemory() {
    return region != NOWHERE;
  }
}
