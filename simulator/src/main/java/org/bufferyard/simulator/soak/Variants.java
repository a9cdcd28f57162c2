package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.simulator.run.Deeds;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.testkit.Strategy;

/** Worlds made from others, for {@link Relation}. */
final class Variants {
  /** More than the smallest share that the swarm draws of what is asked for. */
  private static final int ROOMY = 8;

  private static final String SUFFIX = "-x";

  /** With room for everything everywhere. */
  static Scenario roomy(Scenario scenario) {
    return scenario.on(
        Relation.scaled(scenario.regions(), ROOMY),
        scenario.links(),
        scenario.devices(),
        scenario.policy(),
        scenario.contents());
  }

  /** The bounce pool has a size of its own, which doubles with nothing. */
  static Scenario withoutBounce(Scenario scenario) {
    DeviceSpec other = scenario.devices().getFirst();
    return withDevices(
        scenario,
        scenario.devices().stream()
            .map(spec -> spec.way().path() == DmaPath.BOUNCE ? other.named(spec.name()) : spec)
            .toList());
  }

  static Scenario withDevices(Scenario scenario, List<DeviceSpec> devices) {
    return scenario.on(
        scenario.regions(), scenario.links(), devices, scenario.policy(), scenario.contents());
  }

  /**
   * Where what is done does not depend on who comes first: room for all, everybody maps for both
   * directions, nothing is pinned or closed while others may still ask.
   */
  static SoakCase calm(SoakCase drawn) {
    return drawn
        .on(roomy(drawn.scenario()))
        .doing(eachAction(drawn, Variants::calm))
        .in(Strategy.fifo());
  }

  private static List<Action> calm(Action action) {
    return switch (action) {
      case Action.Pin pin -> List.of();
      case Action.Unpin unpin -> List.of();
      case Action.Release release -> List.of();
      case Action.Unmap unmap -> List.of();
      default -> List.of(action);
    };
  }

  private interface Change {
    List<Action> of(Action action);
  }

  private static Map<String, List<Step>> eachAction(SoakCase drawn, Change change) {
    Map<String, List<Step>> steps = new LinkedHashMap<>();
    drawn
        .steps()
        .forEach(
            (client, old) -> {
              List<Step> changed = new ArrayList<>();
              for (Step step : old) {
                change
                    .of(step.action())
                    .forEach(action -> changed.add(new Step(step.atNanos(), action)));
              }
              steps.put(client, changed);
            });
    return steps;
  }

  /** Every device, client and buffer with another name, in the same order. */
  static SoakCase renamed(SoakCase base) {
    Map<String, List<Step>> steps = new LinkedHashMap<>();
    eachAction(base, action -> List.of(renamed(action)))
        .forEach((client, list) -> steps.put(client + SUFFIX, list));
    List<DeviceSpec> devices =
        base.scenario().devices().stream().map(spec -> spec.named(spec.name() + SUFFIX)).toList();
    return base.on(withDevices(base.scenario(), devices)).doing(steps);
  }

  private static Action renamed(Action action) {
    return switch (action) {
      case Action.Export e ->
          new Action.Export(
              e.buffer(),
              e.sizeBytes(),
              e.name() + SUFFIX,
              e.preference(),
              e.sharedWith().stream().map(client -> client + SUFFIX).toList());
      case Action.Submit s ->
          new Action.Submit(s.device() + SUFFIX, s.uses(), s.busyNanos(), s.dueNanos());
      case Action.Attach a -> new Action.Attach(a.buffer(), a.device() + SUFFIX);
      case Action.Unmap u -> new Action.Unmap(u.buffer(), u.device() + SUFFIX);
      case Action.Pin p -> new Action.Pin(p.buffer(), p.device() + SUFFIX);
      case Action.Unpin u -> new Action.Unpin(u.buffer(), u.device() + SUFFIX);
      default -> action;
    };
  }

  /** Twice as many pages everywhere, moved at twice the rates. */
  static SoakCase doubled(SoakCase base) {
    Scenario scenario = base.scenario();
    Scenario larger =
        scenario.on(
            Relation.scaled(scenario.regions(), 2),
            scenario.links().stream().map(link -> link.atRate(2 * link.bytesPerSecond())).toList(),
            scenario.devices().stream()
                .map(device -> device.atRate(2 * device.bytesPerSecond()))
                .toList(),
            scenario.policy(),
            scenario.contents());
    return base.on(larger).doing(eachAction(base, action -> List.of(doubled(action))));
  }

  private static Action doubled(Action action) {
    return switch (action) {
      case Action.Export e ->
          new Action.Export(
              e.buffer(), 2 * e.sizeBytes(), e.name(), e.preference(), e.sharedWith());
      case Action.Submit s ->
          new Action.Submit(
              s.device(),
              s.uses().stream()
                  .map(
                      use ->
                          new Use(
                              use.buffer(), use.direction(), 2 * use.firstPage(), 2 * use.pages()))
                  .toList(),
              s.busyNanos(),
              s.dueNanos());
      case Action.CpuAccess c ->
          new Action.CpuAccess(c.buffer(), c.direction(), 2 * c.firstPage(), 2 * c.pages());
      default -> action;
    };
  }

  static Deeds withPages(Deeds deeds, long pages) {
    return new Deeds(
        deeds.client(),
        deeds.jobs(),
        deeds.jobsRefused(),
        pages,
        deeds.skipped(),
        deeds.refusals());
  }

  private Variants() {}
}
