/** Policies that know the future of a trace: bounds to measure the others by. */
@NullMarked
package org.bufferyard.allocator.policy.offline;

import org.jspecify.annotations.NullMarked;
