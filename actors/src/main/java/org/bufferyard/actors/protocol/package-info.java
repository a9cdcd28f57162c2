/**
 * What the owners of the yard say to one another: one type per owner, its messages nested in it.
 * Every request carries a {@link org.bufferyard.actors.protocol.Header}, every reply its request
 * id.
 */
@NullMarked
package org.bufferyard.actors.protocol;

import org.jspecify.annotations.NullMarked;
