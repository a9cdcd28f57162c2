package org.bufferyard.simulator.run;

import java.util.List;
import org.bufferyard.deviceactors.StallSeries;
import org.bufferyard.simulator.workload.Workload;

/**
 * How long stalls take to settle after a change of phase. The steady state of a phase is the mean
 * stall of the jobs that end in its second half. It is reached when the mean over the last tenth of
 * the phase's length is at most a tenth above that; a phase in which it never is counts in full.
 *
 * @param nanos mean over all changes of phase; NaN where there is none with jobs
 * @param steadyNanos mean of the steady states
 */
record Recovery(double nanos, double steadyNanos) {
  private static final double TOLERANCE = 1.1;
  private static final int WINDOWS = 10;

  static Recovery of(Workload workload, StallSeries stalls) {
    List<Workload.Phase> phases = workload.phases();
    double sum = 0;
    double steadySum = 0;
    int changes = 0;
    for (int i = 1; i < phases.size(); i++) {
      long from = phases.get(i).fromNanos();
      long end = i + 1 < phases.size() ? phases.get(i + 1).fromNanos() : workload.durationNanos();
      double steady = stalls.meanNanos(from + (end - from) / 2, end);
      if (!Double.isNaN(steady)) {
        sum += reached(stalls, from, end, steady * TOLERANCE);
        steadySum += steady;
        changes++;
      }
    }
    return changes == 0
        ? new Recovery(Double.NaN, Double.NaN)
        : new Recovery(sum / changes, steadySum / changes);
  }

  private static long reached(StallSeries stalls, long from, long end, double most) {
    long window = Math.max(stalls.widthNanos(), (end - from) / WINDOWS);
    for (long at = from + window; at < end; at += stalls.widthNanos()) {
      double mean = stalls.meanNanos(at - window, at);
      if (mean <= most) {
        return at - from;
      }
    }
    return end - from;
  }
}
