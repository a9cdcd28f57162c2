package org.bufferyard.simulator.run;

import org.bufferyard.actors.environment.YardSettings;

/**
 * How much is built around the run.
 *
 * @param slabs parents of buffers
 * @param samples of the regions over the run; 0 for none
 * @param roomWaitNanos as {@link YardSettings} has it
 * @param retryNanos as {@link YardSettings} has it
 * @param auditNanos between the first two looks at the books
 * @param auditGrowth by how much the next wait is longer: a leak is still one at the end, and
 *     whoever reads of it should not have to leaf through a hundred looks
 * @param settleNanos how long after the last step the books may take to balance
 */
record Scale(
    int slabs,
    int samples,
    long roomWaitNanos,
    long retryNanos,
    long auditNanos,
    int auditGrowth,
    long settleNanos) {
  /** For a run that somebody looks at. */
  static final Scale FULL =
      new Scale(
          64,
          240,
          YardSettings.defaults().roomWaitNanos(),
          YardSettings.defaults().retryNanos(),
          5_000_000L,
          1,
          20_000_000_000L);

  /** For one of thousands of small runs, which would spend most of it waiting for room. */
  static final Scale SMALL =
      new Scale(2, 0, 150_000_000, 5_000_000, 50_000_000, 10, 5_000_000_000L);
}
