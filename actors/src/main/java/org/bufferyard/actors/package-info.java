/** The actors module. */
@NullMarked
package org.bufferyard.actors;

import org.jspecify.annotations.NullMarked;
