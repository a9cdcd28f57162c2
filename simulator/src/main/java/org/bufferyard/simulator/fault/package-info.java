/** Faults by name: what can go wrong on purpose, how often, and where. */
@NullMarked
package org.bufferyard.simulator.fault;

import org.jspecify.annotations.NullMarked;
