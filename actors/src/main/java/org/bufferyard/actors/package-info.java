/**
 * The yard as Akka Typed actors: buffers, regions, links, one migration actor, IOMMUs, sessions.
 * Messages are in {@code protocol}; a folder each holds an actor and its decision core.
 */
@NullMarked
package org.bufferyard.actors;

import org.jspecify.annotations.NullMarked;
