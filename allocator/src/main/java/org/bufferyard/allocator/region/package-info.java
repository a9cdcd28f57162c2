/**
 * Where a region's pages go: the buddy and its bookkeeping, the scattered system heap, and the
 * contract that the owner of a region sees. Every structure is single-owner and has no lock; an
 * error leaves it as it was.
 */
@NullMarked
package org.bufferyard.allocator.region;

import org.jspecify.annotations.NullMarked;
