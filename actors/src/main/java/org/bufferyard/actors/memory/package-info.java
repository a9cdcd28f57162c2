/** Page contents: the modelled physical memory, what is expected in it, and DMA over it. */
@NullMarked
package org.bufferyard.actors.memory;

import org.jspecify.annotations.NullMarked;
