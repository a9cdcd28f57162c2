/** The goals, the figures measured against them, and the two files they are written to. */
@NullMarked
package org.bufferyard.benchmarks.report;

import org.jspecify.annotations.NullMarked;
