package org.bufferyard.actors.sanitizer;

import org.bufferyard.allocator.Extents;

/**
 * What becomes of page frames. Where only some buffers are watched nobody knows whose the others
 * are, and there are no such books: then nothing is found in them.
 */
interface PageBooks {
  PageBooks NONE = new PageBooks() {};

  /** The buffer lives in these pages from now on. */
  default void owned(ShadowBuffer buffer, Extents extents) {}

  default void set(Extents extents, ShadowPages.State state) {}

  /** {@code change} is 1 for a new mapping of the pages, -1 for one that has gone. */
  default void mapped(ShadowBuffer buffer, MappingRecord record, int change) {}

  /** The old pages hold what the new ones do, unless the move copied nothing. */
  default void checkCarried(ShadowBuffer buffer, Extents from, Extents to) {}

  default boolean anyInFile(Extents extents) {
    return false;
  }
}
