/** What a whole yard is like at a moment: its buffers, its regions, and who waits for whom. */
@NullMarked
package org.bufferyard.actors.inspect;

import org.jspecify.annotations.NullMarked;
