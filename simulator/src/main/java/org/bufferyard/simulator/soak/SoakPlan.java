package org.bufferyard.simulator.soak;

import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a soak runs for each seed.
 *
 * @param scenario a bundled scenario by name; null for the swarm's worlds
 * @param settings laid over that scenario
 * @param faults instead of the portfolio's; null for the portfolio
 * @param policies names that a scenario may take
 */
public record SoakPlan(
    @Nullable String scenario,
    List<String> settings,
    @Nullable List<FaultSpec> faults,
    List<String> policies) {
  /** Drawn worlds with the portfolio's faults. */
  public static SoakPlan swarm(List<String> policies) {
    return new SoakPlan(null, List.of(), null, policies);
  }
}
