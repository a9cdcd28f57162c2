/** Rules of the code that hold across the modules below the command line. */
@NullMarked
package org.bufferyard.simulator.architecture;

import org.jspecify.annotations.NullMarked;
