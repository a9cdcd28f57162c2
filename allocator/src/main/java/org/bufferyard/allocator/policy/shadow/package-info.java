/**
 * What goes on in a region, watched without touching it: caches that only count what another policy
 * would have done, and a log of accesses to judge the real one by.
 */
@NullMarked
package org.bufferyard.allocator.policy.shadow;

import org.jspecify.annotations.NullMarked;
