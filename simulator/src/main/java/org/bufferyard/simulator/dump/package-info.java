/**
 * What a run was like at a moment, as data that a file can hold: made of an inspection, written and
 * read as JSON, summed up by owner.
 */
@NullMarked
package org.bufferyard.simulator.dump;

import org.jspecify.annotations.NullMarked;
