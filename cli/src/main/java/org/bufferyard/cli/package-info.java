/** The cli module. */
@NullMarked
package org.bufferyard.cli;

import org.jspecify.annotations.NullMarked;
