package org.bufferyard.allocator.validate;

/**
 * One thing to try.
 *
 * @param evicting others may be evicted for it
 * @param settled who got this is where it is wanted most
 */
public record Attempt(Place place, boolean evicting, boolean settled) {}
