package org.bufferyard.simulator.soak;

import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Workload;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Schedule;

/**
 * One run with every choice written down: its world, what its clients do, which faults happen, and
 * which of the ready actors goes next. What is left out takes the mildest course: no fault, first
 * come first served.
 *
 * @param steps by client; empty for the workload of the scenario and seed
 * @param picks as {@link Schedule} has them
 */
@SuppressWarnings("ArrayRecordComponent") // a column of numbers; never compared
public record Tape(
    long seed,
    World world,
    Map<String, List<Step>> steps,
    Firings firings,
    int[] picks,
    Expected expected) {
  /**
   * What comes of it.
   *
   * @param rule that fails first; empty for none
   * @param events steps of the run
   */
  public record Expected(Trial.Verdict verdict, String rule, long events, long eventHash) {}

  /** The run; refused in one line where the world's words make no scenario. */
  public Outcome<Trial.Plan> plan(List<String> policies) {
    return switch (world.build(policies)) {
      case Outcome.Refused<Scenario>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<Scenario>(Scenario scenario) ->
          Outcome.done(
              Trial.Plan.of(scenario, workload(scenario), seed, Schedule.replaying(picks))
                  .withFirings(firings));
    };
  }

  private Workload workload(Scenario scenario) {
    return steps.isEmpty()
        ? Generators.generate(
            scenario.workload(), scenario.durationNanos(), NamedRandom.stream(seed, "workload"))
        : Scripts.workload(steps, scenario.durationNanos());
  }

  public Tape withWorld(World other) {
    return new Tape(seed, other, steps, firings, picks, expected);
  }

  public Tape withSteps(Map<String, List<Step>> other) {
    return new Tape(seed, world, other, firings, picks, expected);
  }

  public Tape withFirings(Firings other) {
    return new Tape(seed, world, steps, other, picks, expected);
  }

  public Tape withPicks(int... other) {
    return new Tape(seed, world, steps, firings, other, expected);
  }

  /** As it is, with what came of it. */
  public Tape with(Trial.Outcome outcome) {
    return new Tape(
        seed,
        world,
        steps,
        firings,
        picks,
        new Expected(outcome.verdict(), outcome.rule(), outcome.steps(), outcome.eventHash()));
  }

  /** Client steps in all. */
  public int stepCount() {
    return steps.values().stream().mapToInt(List::size).sum();
  }
}
