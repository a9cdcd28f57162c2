/**
 * Whether what the clients of a buffer saw can be explained by one buffer that does one thing at a
 * time: the histories of a run, the sequential model of a buffer, and the search for an order.
 */
@NullMarked
package org.bufferyard.simulator.history;

import org.jspecify.annotations.NullMarked;
