/** One actor per memory region: its allocator and its victim order. */
@NullMarked
package org.bufferyard.actors.region;

import org.jspecify.annotations.NullMarked;
