/**
 * A deterministic run at a moment, kept so that it can be gone on from: not its memory, but what it
 * takes to get there again, and hashes of the state that must then be found.
 */
@NullMarked
package org.bufferyard.simulator.snapshot;

import org.jspecify.annotations.NullMarked;
