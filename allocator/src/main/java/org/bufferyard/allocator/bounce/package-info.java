/** The bounce pool: low memory through which a device reaches what lies above its DMA mask. */
@NullMarked
package org.bufferyard.allocator.bounce;

import org.jspecify.annotations.NullMarked;
