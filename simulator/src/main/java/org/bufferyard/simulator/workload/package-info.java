/**
 * What clients ask of the yard, and when: the programs that a run plays. Generators and traces
 * produce a {@link org.bufferyard.simulator.workload.Workload}; nothing here knows an actor.
 */
@NullMarked
package org.bufferyard.simulator.workload;

import org.jspecify.annotations.NullMarked;
