/** The policies by name: those of this project and those found on the class path. */
@NullMarked
package org.bufferyard.allocator.policy.catalog;

import org.jspecify.annotations.NullMarked;
