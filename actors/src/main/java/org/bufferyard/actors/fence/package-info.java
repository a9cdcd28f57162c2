/**
 * Fences: what work on its way is waited for by. Pure: no Akka, clock or thread; each fence is
 * owned by one actor, and others hear of it by message. Model of {@code dma_fence} and its
 * containers.
 */
@NullMarked
package org.bufferyard.actors.fence;

import org.jspecify.annotations.NullMarked;
