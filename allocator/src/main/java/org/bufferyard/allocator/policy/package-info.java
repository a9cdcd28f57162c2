/**
 * The extension point of eviction: {@link org.bufferyard.allocator.policy.EvictionPolicy} keeps an
 * order over the buffers of one region and names victims for a {@link
 * org.bufferyard.allocator.policy.Demand}. Choosing is pure and lives here; moving a victim is a
 * protocol and lives with the region's actor. Nothing here is thread-safe: one owner per region.
 */
@NullMarked
package org.bufferyard.allocator.policy;

import org.jspecify.annotations.NullMarked;
