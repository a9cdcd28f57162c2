package org.bufferyard.simulator.scenario;

import java.util.List;
import org.bufferyard.actors.environment.Management.Limit;

/**
 * What is managed around the policy; see {@link org.bufferyard.actors.environment.Management}.
 *
 * @param rateBytesPerSecond of the token bucket
 * @param shares by client
 * @param upkeep beside the demands for room
 */
public record ManageSpec(
    Limit limit,
    long rateBytesPerSecond,
    long submissionBytes,
    boolean spill,
    long aheadBytes,
    List<Share> shares,
    UpkeepSpec upkeep) {
  /** What a client is entitled to of the nearest region. */
  public record Share(String client, long minBytes, long lowBytes) {}

  public ManageSpec {
    shares = List.copyOf(shares);
  }

  static final ManageSpec NONE =
      new ManageSpec(Limit.RATE, 8L << 20, 1L << 20, false, 0, List.of(), UpkeepSpec.NONE);
}
