/** Looks for the workload on which an eviction policy does worst, and makes it small. */
@NullMarked
package org.bufferyard.simulator.attack;

import org.jspecify.annotations.NullMarked;
