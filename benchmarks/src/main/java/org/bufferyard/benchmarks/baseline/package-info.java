/** The other side of the ratios: clean-room C, compiled where gcc exists and called in process. */
@NullMarked
package org.bufferyard.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
