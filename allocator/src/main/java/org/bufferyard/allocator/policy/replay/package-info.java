/**
 * Replay of a request sequence through one policy, as a cache of one region: exact miss counts, no
 * actors, no I/O.
 */
@NullMarked
package org.bufferyard.allocator.policy.replay;

import org.jspecify.annotations.NullMarked;
