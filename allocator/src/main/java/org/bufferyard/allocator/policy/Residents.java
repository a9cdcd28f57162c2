package org.bufferyard.allocator.policy;

/**
 * A read-only view of facts about buffers by dense id, kept by the region's owner. Valid for
 * resident ids and, as last known, for evicted ones. Everything but the size has a default, so that
 * a cache without owners or priorities need not invent them.
 */
public interface Residents {
  /** Least and greatest value of {@link #priority}. Model of {@code TTM_MAX_BO_PRIORITY} = 4. */
  int PRIORITIES = 4;

  int NORMAL_PRIORITY = 1;
  int NO_GROUP = -1;

  /** Buffers of one page each. */
  Residents UNITS =
      new Residents() {
        @Override
        public long pages(int id) {
          return 1;
        }

        @Override
        public boolean units() {
          return true;
        }
      };

  /** Size of buffer {@code id} in pages, at least 1 and constant for its life. */
  long pages(int id);

  /** Whether all sizes are 1: {@link EvictionPolicy#serve} may serve. */
  default boolean units() {
    return false;
  }

  /** 0 to 3; lower leaves first. */
  default int priority(int id) {
    return NORMAL_PRIORITY;
  }

  /** The client that owns it, dense from 0. */
  default int owner(int id) {
    return 0;
  }

  /** The unit it ages with, dense from 0 (a VM's buffers), or {@link #NO_GROUP}. */
  default int group(int id) {
    return NO_GROUP;
  }

  /** Attached by more than one client. */
  default boolean shared(int id) {
    return false;
  }

  /** Its contents may be dropped instead of moved. */
  default boolean discardable(int id) {
    return false;
  }

  /** Whether removing it frees a page frame of {@code [firstPfn, endPfn)}. */
  default boolean intersects(int id, long firstPfn, long endPfn) {
    return true;
  }

  /** First page frame of buffer {@code id}, or -1 where its place is not known. */
  default long firstPfn(int id) {
    return -1;
  }

  /** What client {@code owner} may hold in the region before others' needs come first, in pages. */
  default long budgetPages(int owner) {
    return Long.MAX_VALUE;
  }

  /** Estimated time to move it out over its link. */
  default long moveCostNanos(int id) {
    return pages(id);
  }
}
