/** JMH benchmarks of the allocator's package of the same name. */
@NullMarked
package org.bufferyard.benchmarks.sg;

import org.jspecify.annotations.NullMarked;
