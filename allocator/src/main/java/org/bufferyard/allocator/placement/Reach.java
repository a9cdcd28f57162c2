package org.bufferyard.allocator.placement;

/**
 * A region that a device has a path to.
 *
 * @param region the region's name
 * @param weight how good the path is, in any unit that all devices share; more is better
 */
public record Reach(String region, int weight) {}
