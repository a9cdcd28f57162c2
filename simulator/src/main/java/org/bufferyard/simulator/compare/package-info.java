/**
 * Several policies on the same workloads: runs paired by seed, intervals, and a verdict for each
 * pair of policies.
 */
@NullMarked
package org.bufferyard.simulator.compare;

import org.jspecify.annotations.NullMarked;
