package org.bufferyard.simulator.workload;

import akka.NotUsed;
import akka.stream.javadsl.Source;

/**
 * One client's program. The stream is made lazily, in order of {@link Step#atNanos}, may be run
 * more than once with equal results, and fails only where its input does.
 */
public record ClientScript(String client, Source<Step, NotUsed> steps) {}
