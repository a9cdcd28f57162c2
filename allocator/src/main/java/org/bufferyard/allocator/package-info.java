/**
 * The vocabulary of the allocation core: page frames, extents, directions, constraints and errors.
 * Pure: no Akka, clock, thread or I/O anywhere in this module.
 */
@NullMarked
package org.bufferyard.allocator;

import org.jspecify.annotations.NullMarked;
