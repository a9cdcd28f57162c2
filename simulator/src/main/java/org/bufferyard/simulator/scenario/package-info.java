/** Scenario files: HOCON in, validated records out; errors name file, line, key and value. */
@NullMarked
package org.bufferyard.simulator.scenario;

import org.jspecify.annotations.NullMarked;
