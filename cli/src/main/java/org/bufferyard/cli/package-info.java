/**
 * The command a person types: options in, a run, and what it has shown out as a table, JSON or a
 * report. Every fault of the user's is one line and exit code 2.
 */
@NullMarked
package org.bufferyard.cli;

import org.jspecify.annotations.NullMarked;
