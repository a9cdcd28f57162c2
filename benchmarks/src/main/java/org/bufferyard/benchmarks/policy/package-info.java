/** Benchmarks of the eviction policies, beside Caffeine's simulator on the same requests. */
@NullMarked
package org.bufferyard.benchmarks.policy;

import org.jspecify.annotations.NullMarked;
