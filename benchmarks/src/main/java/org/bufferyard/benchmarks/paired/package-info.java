/**
 * The paired harness: contenders take turns in one process, each turn timed by the thread's CPU
 * clock, and only the ratios of neighbouring turns are reported. On two shared cores a time is off
 * by a factor of two from one minute to the next, and JMH's scores with it; both sides of a ratio
 * suffer alike.
 */
@NullMarked
package org.bufferyard.benchmarks.paired;

import org.jspecify.annotations.NullMarked;
