/** What the actors are given: the clock, named randomness, faults, settings and the topology. */
@NullMarked
package org.bufferyard.actors.environment;

import org.jspecify.annotations.NullMarked;
