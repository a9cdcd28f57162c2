/**
 * Real input: captures of other systems, read as bounded streams and turned into a workload. A bad
 * file ends in one {@link org.bufferyard.simulator.trace.TraceException}, whatever its bytes are.
 */
@NullMarked
package org.bufferyard.simulator.trace;

import org.jspecify.annotations.NullMarked;
