package org.bufferyard.simulator.run;

/** Hears how far a run is, now and then; on a thread of the run. */
@FunctionalInterface
public interface ProgressListener {
  void at(double virtualSeconds, double totalSeconds);
}
