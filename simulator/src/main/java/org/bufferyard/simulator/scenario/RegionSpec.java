package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.HeapKind;
import org.jspecify.annotations.Nullable;

/**
 * One memory region.
 *
 * @param sizeBytes capacity, whole pages
 * @param windowOf region whose pages this one only makes reachable (GTT onto SYSTEM); null has
 *     pages of its own
 * @param swapFile the pages are in a file, which no device reaches
 * @param heap how it gives out its pages; null: device memory if it is the nearest region, else
 *     scattered as a host's memory is
 */
public record RegionSpec(
    String name,
    long sizeBytes,
    @Nullable String windowOf,
    boolean swapFile,
    @Nullable HeapKind heap) {
  /** The same with another capacity. */
  public RegionSpec ofSize(long otherBytes) {
    return new RegionSpec(name, otherBytes, windowOf, swapFile, heap);
  }
}
