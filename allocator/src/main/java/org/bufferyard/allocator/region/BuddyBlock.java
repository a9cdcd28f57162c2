package org.bufferyard.allocator.region;

/**
 * One block of a {@link BuddyMm}: a power of two of chunks at a multiple of its own size.
 *
 * @param offsetBytes from the start of the managed space
 * @param sizeBytes chunk size times {@code 2^order}
 * @param cleared its contents are known to be zero
 */
public record BuddyBlock(long offsetBytes, long sizeBytes, int order, boolean cleared) {}
