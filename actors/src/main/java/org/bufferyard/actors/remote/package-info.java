/** A buffer in one process, used in another: staged through the importer's own memory. */
@NullMarked
package org.bufferyard.actors.remote;

import org.jspecify.annotations.NullMarked;
