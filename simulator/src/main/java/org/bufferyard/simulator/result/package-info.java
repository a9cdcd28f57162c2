/** What a run has shown: figures, series and the verdict. Plain values. */
@NullMarked
package org.bufferyard.simulator.result;

import org.jspecify.annotations.NullMarked;
