package org.bufferyard.simulator.scenario;

import org.bufferyard.actors.environment.Management.Limit;
import org.bufferyard.actors.environment.PinQuota;

/**
 * What is managed around the policy; see {@link org.bufferyard.actors.environment.Management}.
 *
 * @param rateBytesPerSecond of the token bucket
 * @param upkeep beside the demands for room
 * @param pins how much each client may pin
 */
public record ManageSpec(
    Limit limit,
    long rateBytesPerSecond,
    long submissionBytes,
    boolean spill,
    long aheadBytes,
    ClaimsSpec claims,
    UpkeepSpec upkeep,
    PinQuota pins) {
  public static final ManageSpec NONE =
      new ManageSpec(
          Limit.RATE,
          8L << 20,
          1L << 20,
          false,
          0,
          ClaimsSpec.NONE,
          UpkeepSpec.NONE,
          PinQuota.NONE);
}
