/**
 * All orders of a small world, as far as a bound reaches: the real actors, run again and again,
 * each time with another of the ready actors going next at some point.
 */
@NullMarked
package org.bufferyard.simulator.explore;

import org.jspecify.annotations.NullMarked;
