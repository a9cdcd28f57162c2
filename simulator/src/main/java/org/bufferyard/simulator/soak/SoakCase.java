package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Generators;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Workload;
import org.bufferyard.testkit.Courier;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Schedule;
import org.bufferyard.testkit.Strategy;

/**
 * One seed of a soak: its world, its order and what its clients do.
 *
 * @param order the strategy in words
 * @param steps what the clients do, where it is known step by step; empty for a scenario's workload
 */
public record SoakCase(
    long seed,
    World world,
    Scenario scenario,
    String order,
    Strategy strategy,
    Map<String, List<Step>> steps) {
  private static final String UNIFORM = "uniform";

  /** The case of a seed; refused where the plan's words make no scenario. */
  public static Outcome<SoakCase> of(SoakPlan plan, long seed) {
    return plan.scenario() == null ? drawn(plan, seed) : named(plan, plan.scenario(), seed);
  }

  private static Outcome<SoakCase> drawn(SoakPlan plan, long seed) {
    Swarm.Drawn drawn =
        plan.faults() == null
            ? Swarm.draw(seed, plan.policies())
            : Swarm.draw(seed, plan.faults(), plan.policies());
    List<String> settings = new ArrayList<>(drawn.world().settings());
    settings.addAll(plan.settings());
    World world = new World(drawn.world().scenario(), settings, drawn.world().faults());
    return switch (world.build(plan.policies())) {
      case Outcome.Refused<Scenario>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<Scenario>(Scenario scenario) -> {
        RandomGenerator random = NamedRandom.stream(seed, "script");
        yield Outcome.done(
            new SoakCase(
                seed,
                world,
                scenario,
                drawn.order(),
                drawn.strategy(),
                drawn.script().write(random, scenario.durationNanos())));
      }
    };
  }

  private static Outcome<SoakCase> named(SoakPlan plan, String name, long seed) {
    World world =
        new World(name, plan.settings(), plan.faults() == null ? List.of() : plan.faults());
    return switch (world.build(plan.policies())) {
      case Outcome.Refused<Scenario>(var refusal) -> Outcome.refused(refusal);
      case Outcome.Done<Scenario>(Scenario scenario) ->
          Outcome.done(
              new SoakCase(
                  seed, world, scenario, UNIFORM, Strategy.uniform(), new LinkedHashMap<>()));
    };
  }

  /** The same clients on other ground. */
  SoakCase on(Scenario other) {
    return new SoakCase(seed, world, other, order, strategy, steps);
  }

  /** The same world in another order. */
  SoakCase in(Strategy other) {
    return new SoakCase(seed, world, scenario, order, other, steps);
  }

  /** The same world with clients that do something else. */
  SoakCase doing(Map<String, List<Step>> other) {
    return new SoakCase(seed, world, scenario, order, strategy, other);
  }

  /** What its clients do. */
  public Workload workload() {
    return steps.isEmpty()
        ? Generators.generate(
            scenario.workload(), scenario.durationNanos(), NamedRandom.stream(seed, "workload"))
        : Scripts.workload(steps, scenario.durationNanos());
  }

  public Trial.Plan plan() {
    return Trial.Plan.of(scenario, workload(), seed, strategy);
  }

  /** As a tape: run once more, with every choice written down. */
  public Tape record(Courier courier) {
    Schedule schedule = new Schedule();
    Trial.Outcome outcome =
        Trial.run(plan().withStrategy(schedule.recording(strategy)).withCourier(courier));
    return new Tape(
        seed,
        world,
        steps,
        outcome.firings(),
        schedule.picks(),
        new Tape.Expected(outcome.verdict(), outcome.rule(), outcome.steps(), outcome.eventHash()));
  }
}
