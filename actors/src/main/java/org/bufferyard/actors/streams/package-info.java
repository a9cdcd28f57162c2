/**
 * Akka Streams over a yard: elements are leases and buffers, and back-pressure is memory. A stage
 * that finds every page in use waits; it does not fail and takes nothing more.
 *
 * <p>Who has an element owns it: the stages here close or release what they hold when a stream
 * completes, fails or is cancelled; what was pushed belongs to the next stage.
 */
@NullMarked
package org.bufferyard.actors.streams;

import org.jspecify.annotations.NullMarked;
