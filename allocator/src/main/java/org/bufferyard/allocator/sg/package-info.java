/** Scatterlists: from page frames or extents to the segments a device can take. */
@NullMarked
package org.bufferyard.allocator.sg;

import org.jspecify.annotations.NullMarked;
