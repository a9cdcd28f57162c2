package org.bufferyard.actors.lease;

import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.yard.Yard;
import org.bufferyard.allocator.placement.DeviceDemand;

/**
 * What an importer is and where.
 *
 * @param device its number in the yard; no other importer has it
 * @param demand what it reaches: host memory, as a CPU does
 * @param dynamic its mappings are cached, and go when the buffer has to move; otherwise a buffer it
 *     has mapped does not move, and nothing is cached
 * @param terms of leases that do not say otherwise
 * @param retryNanos how often a patient request tries again while memory is short
 * @param times the yard's
 */
public record ImporterPlan(
    String name,
    DeviceId device,
    DeviceDemand demand,
    boolean dynamic,
    LeaseTerms terms,
    long retryNanos,
    MapTimes times,
    Yard yard) {
  /** Most open leases of one attachment; one more is refused EAGAIN. */
  public static final int LEASES_MAX = 4096;

  /** Most requests of one attachment that wait for its mapping; one more is refused EAGAIN. */
  public static final int WAITERS_MAX = 4096;
}
