/** The testkit module. */
@NullMarked
package org.bufferyard.testkit;

import org.jspecify.annotations.NullMarked;
