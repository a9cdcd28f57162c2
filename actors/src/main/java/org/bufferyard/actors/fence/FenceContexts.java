package org.bufferyard.actors.fence;

/**
 * Numbers for fence contexts, never given twice. Not thread-safe; each owner numbers from a base of
 * its own. Model of {@code dma_fence_context_alloc}.
 */
public final class FenceContexts {
  private long next;

  public FenceContexts(long base) {
    this.next = base;
  }

  /** The first of {@code count} consecutive contexts. */
  public long take(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive, was " + count);
    }
    long first = next;
    next = Math.addExact(next, count);
    return first;
  }
}
