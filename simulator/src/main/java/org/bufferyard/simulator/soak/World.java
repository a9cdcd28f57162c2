package org.bufferyard.simulator.soak;

import java.util.List;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.scenario.Scenarios;

/**
 * A world as words: a bundled scenario, what is laid over it, and the faults in it.
 *
 * @param settings {@code key=value}, as after {@code --set}
 */
public record World(String scenario, List<String> settings, List<FaultSpec> faults) {
  public World {
    settings = List.copyOf(settings);
    faults = List.copyOf(faults);
  }

  /** The same with other settings. */
  World saying(List<String> other) {
    return new World(scenario, other, faults);
  }

  /** The scenario it is; refused in one line where its words make none. */
  public Outcome<Scenario> build(List<String> policies) {
    return switch (new Scenarios(policies).load(scenario, settings)) {
      case Outcome.Done<Scenario>(Scenario made) -> Outcome.done(made.withFaults(faults));
      case Outcome.Refused<Scenario>(var refusal) -> Outcome.refused(refusal);
    };
  }
}
