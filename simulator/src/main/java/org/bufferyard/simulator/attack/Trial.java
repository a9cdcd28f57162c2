package org.bufferyard.simulator.attack;

/** A workload and what was made of it. */
record Trial(Genome genome, Judge.Score score) {}
