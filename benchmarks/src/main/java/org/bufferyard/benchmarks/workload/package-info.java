/** What is measured on: buffers of page frames in the patterns that memory comes in. */
@NullMarked
package org.bufferyard.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
