/** Opens a yard: spawns its actors under one parent and hands out their references. */
@NullMarked
package org.bufferyard.actors.yard;

import org.jspecify.annotations.NullMarked;
