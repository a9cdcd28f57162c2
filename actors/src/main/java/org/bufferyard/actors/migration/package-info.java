/**
 * One actor per yard: demands waiting for room, evictions, moves in flight; and the links that
 * carry copies.
 */
@NullMarked
package org.bufferyard.actors.migration;

import org.jspecify.annotations.NullMarked;
