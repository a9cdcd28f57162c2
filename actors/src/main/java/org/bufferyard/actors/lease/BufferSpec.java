package org.bufferyard.actors.lease;

/**
 * What to export.
 *
 * @param name as reports show it
 * @param priority 0 to 3; lower is evicted first
 * @param contiguous one extent, so that the whole is one segment; room for it is harder to find
 */
public record BufferSpec(String name, long sizeBytes, int priority, boolean contiguous) {
  /** Priority 1, in as many extents as there have to be. */
  public static BufferSpec of(String name, long sizeBytes) {
    return new BufferSpec(name, sizeBytes, 1, false);
  }

  public BufferSpec withPriority(int value) {
    return new BufferSpec(name, sizeBytes, value, contiguous);
  }

  public BufferSpec inOneExtent() {
    return new BufferSpec(name, sizeBytes, priority, true);
  }
}
