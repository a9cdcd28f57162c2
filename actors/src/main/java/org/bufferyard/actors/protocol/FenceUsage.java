package org.bufferyard.actors.protocol;

/**
 * What a fence protects, strongest first. A query for one class sees it and all stronger ones.
 * Model of {@code enum dma_resv_usage}.
 */
public enum FenceUsage {
  KERNEL,
  WRITE,
  READ,
  BOOKKEEP;

  /** A query for {@code query} returns fences of this usage. */
  public boolean seenBy(FenceUsage query) {
    return compareTo(query) <= 0;
  }

  /** What must have signalled before new work of this usage may start. */
  public FenceUsage waitsFor() {
    return this == READ || this == BOOKKEEP ? WRITE : READ;
  }
}
