/** One actor per buffer: rights, attachments, fences, holds, placement and its moves. */
@NullMarked
package org.bufferyard.actors.buffer;

import org.jspecify.annotations.NullMarked;
