/** The simulator module. */
@NullMarked
package org.bufferyard.simulator;

import org.jspecify.annotations.NullMarked;
