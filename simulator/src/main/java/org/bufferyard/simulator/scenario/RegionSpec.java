package org.bufferyard.simulator.scenario;

import org.jspecify.annotations.Nullable;

/**
 * One memory region.
 *
 * @param sizeBytes capacity, whole pages
 * @param windowOf region whose pages this one only makes reachable (GTT onto SYSTEM); null has
 *     pages of its own
 * @param swapFile the pages are in a file, which no device reaches
 */
public record RegionSpec(
    String name, long sizeBytes, @Nullable String windowOf, boolean swapFile) {}
