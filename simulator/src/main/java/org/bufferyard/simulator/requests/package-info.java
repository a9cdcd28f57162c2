/**
 * Traces of requests, as caches are measured with: files of ten formats, compressed or not, read as
 * bounded streams of dense ids, and the policies replayed on them. A bad file ends in one {@link
 * org.bufferyard.simulator.trace.TraceException}, whatever its bytes are.
 */
@NullMarked
package org.bufferyard.simulator.requests;

import org.jspecify.annotations.NullMarked;
