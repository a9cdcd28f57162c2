/**
 * The remote-capable messages as frames: a version, a class id, the fields. Kryo with explicit
 * registration; every count is compared with what is left of the frame before anything is allocated
 * for it.
 */
@NullMarked
package org.bufferyard.actors.serialization;

import org.jspecify.annotations.NullMarked;
