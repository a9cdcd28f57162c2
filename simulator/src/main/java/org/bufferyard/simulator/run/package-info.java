/**
 * A scenario and a workload become a run and a verdict: the yard is opened, programs play their
 * scripts, everything is verified and the books are closed.
 */
@NullMarked
package org.bufferyard.simulator.run;

import org.jspecify.annotations.NullMarked;
