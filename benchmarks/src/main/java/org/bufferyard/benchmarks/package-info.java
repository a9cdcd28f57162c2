/** The benchmarks module. */
@NullMarked
package org.bufferyard.benchmarks;

import org.jspecify.annotations.NullMarked;
