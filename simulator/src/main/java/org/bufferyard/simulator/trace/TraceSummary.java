package org.bufferyard.simulator.trace;

import java.util.SortedMap;

/**
 * What a first pass over a trace found.
 *
 * @param eventsByKind in order of name
 * @param buffers that the workload exports
 * @param peakBytes alive at once, in whole pages
 * @param unknownAddresses events that name memory of no live buffer; the workload has no step for
 *     them
 * @param implicitFrees buffers that ended because another was allocated over them
 */
public record TraceSummary(
    SortedMap<String, Long> eventsByKind,
    long events,
    int buffers,
    long peakBytes,
    long durationNanos,
    long unknownAddresses,
    long implicitFrees) {}
