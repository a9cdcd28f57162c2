/** JMH benchmarks of the allocator's package of the same name. */
@NullMarked
package org.bufferyard.benchmarks.bounce;

import org.jspecify.annotations.NullMarked;
