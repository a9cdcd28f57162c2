/** The paired benchmarks, one suite a part of the allocator. */
@NullMarked
package org.bufferyard.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
