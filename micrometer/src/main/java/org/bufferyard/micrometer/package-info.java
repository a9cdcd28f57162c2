/** Meters of an embedded yard for Micrometer; docs/embedding.md lists names, units and tags. */
@NullMarked
package org.bufferyard.micrometer;

import org.jspecify.annotations.NullMarked;
