/** A run's result as text for a person, as JSON for a program, and into files. */
@NullMarked
package org.bufferyard.cli.output;

import org.jspecify.annotations.NullMarked;
