package org.bufferyard.simulator.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.run.Trial;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.testkit.Courier;

/**
 * Makes a failing tape short: leaves out what the failure does not need, largest parts first, and
 * keeps what fails the same rule. In turn the faults, whole clients, steps, uses and the order,
 * until nothing more can go or the time is up.
 */
public final class Shrinker {
  private static final String DEVICES = "workload.devices=";
  private static final String DURATION = "duration=";
  private static final String SHORT = "1 ms";

  /** Devices that the swarm adds, by what their settings begin with. */
  private static final List<String> EXTRA_DEVICES =
      List.of("devices.fixed.", "devices.plain.", "devices.legacy.");

  private final List<String> policies;
  private final java.util.function.Supplier<Courier> couriers;
  private final BooleanSupplier timeIsUp;
  private final Tape original;
  private Tape best;
  private int tries;

  /**
   * A shrinker of one tape.
   *
   * @param couriers makes the courier of each try, as the failure had one
   * @param timeIsUp asked before each try
   */
  public Shrinker(
      Tape tape,
      List<String> policies,
      java.util.function.Supplier<Courier> couriers,
      BooleanSupplier timeIsUp) {
    this.original = tape;
    this.best = tape;
    this.policies = policies;
    this.couriers = couriers;
    this.timeIsUp = timeIsUp;
  }

  /** Runs made. */
  public int tries() {
    return tries;
  }

  /** The shortest tape found that fails as the first did. */
  public Tape shrink() {
    long before;
    do {
      before = weight(best);
      keepIfFails(best.withPicks());
      dropFirings();
      dropFaults();
      dropClients();
      simplifyWorld();
      dropSteps();
      dropUses();
      halvePicks();
      earlier();
    } while (weight(best) < before && !timeIsUp.getAsBoolean());
    return best;
  }

  private static long weight(Tape tape) {
    long used = 0;
    for (int pick : tape.picks()) {
      used += pick == 0 ? 0 : 1;
    }
    return tape.expected().events() + 10L * tape.stepCount() + used + tape.firings().all().size();
  }

  /** Returns whether it fails the same rule; then it is the best so far. */
  private boolean keepIfFails(Tape candidate) {
    if (timeIsUp.getAsBoolean()) {
      return false;
    }
    tries++;
    if (!(candidate.plan(policies) instanceof Outcome.Done<Trial.Plan>(Trial.Plan plan))) {
      return false;
    }
    Trial.Outcome outcome;
    try {
      outcome = Trial.run(plan.withCourier(couriers.get()));
    } catch (IllegalStateException | IllegalArgumentException otherwiseBroken) {
      return false;
    }
    boolean same =
        outcome.verdict() == original.expected().verdict()
            && outcome.rule().equals(original.expected().rule());
    Tape shorter = candidate.with(outcome);
    if (same && weight(shorter) <= weight(best)) {
      best = shorter;
      return true;
    }
    return false;
  }

  /** From the end: the order after the failure's cause is often free. */
  private void halvePicks() {
    int[] picks = best.picks();
    for (int block = Math.max(1, picks.length / 2); block > 0; block /= 2) {
      for (int from = best.picks().length - block; from >= 0; from -= block) {
        int[] fewer = best.picks().clone();
        boolean any = false;
        for (int at = from; at < Math.min(from + block, fewer.length); at++) {
          any |= fewer[at] != 0;
          fewer[at] = 0;
        }
        if (any) {
          keepIfFails(best.withPicks(fewer));
        }
      }
      if (block < best.picks().length / 64) {
        return;
      }
    }
  }

  private void dropFirings() {
    for (int block = Math.max(1, best.firings().all().size()); block > 0; block /= 2) {
      for (int from = 0; from < best.firings().all().size(); ) {
        Firings all = best.firings();
        int to = Math.min(from + block, all.all().size());
        if (!keepIfFails(best.withFirings(all.without(from, to)))) {
          from = to;
        }
      }
    }
  }

  /** A fault that never happens need not be named. */
  private void dropFaults() {
    World world = best.world();
    List<FaultSpec> needed = new ArrayList<>();
    for (FaultSpec fault : world.faults()) {
      if (best.firings().all().stream().anyMatch(firing -> firing.kind() == fault.kind())) {
        needed.add(fault);
      }
    }
    if (needed.size() < world.faults().size()) {
      keepIfFails(best.withWorld(new World(world.scenario(), world.settings(), needed)));
    }
  }

  /**
   * Fewer devices and less time; the books of each are asked for at the end, so each costs events
   * even where nothing happens.
   */
  private void simplifyWorld() {
    for (String setting : List.copyOf(best.world().settings())) {
      if (setting.startsWith(DEVICES)) {
        int devices = Integer.parseInt(setting.substring(DEVICES.length()));
        for (int fewer = 1; fewer < devices; fewer++) {
          if (keepIfFails(withSetting(setting, DEVICES + fewer))) {
            break;
          }
        }
      } else if (setting.startsWith(DURATION) && !setting.equals(DURATION + SHORT)) {
        keepIfFails(withSetting(setting, DURATION + SHORT));
      }
    }
    for (String device : EXTRA_DEVICES) {
      List<String> fewer =
          best.world().settings().stream().filter(each -> !each.startsWith(device)).toList();
      if (fewer.size() < best.world().settings().size()) {
        keepIfFails(best.withWorld(best.world().saying(fewer)));
      }
    }
  }

  private Tape withSetting(String old, String other) {
    List<String> changed =
        best.world().settings().stream().map(each -> each.equals(old) ? other : each).toList();
    return best.withWorld(best.world().saying(changed));
  }

  private void dropClients() {
    for (String client : List.copyOf(best.steps().keySet())) {
      Map<String, List<Step>> fewer = new LinkedHashMap<>(best.steps());
      fewer.remove(client);
      if (!fewer.isEmpty()) {
        fewer.replaceAll((name, steps) -> withoutSharing(steps, client));
        keepIfFails(best.withSteps(fewer));
      }
    }
  }

  private static List<Step> withoutSharing(List<Step> steps, String client) {
    List<Step> changed = new ArrayList<>();
    for (Step step : steps) {
      changed.add(
          step.action() instanceof Action.Export export && export.sharedWith().contains(client)
              ? new Step(
                  step.atNanos(),
                  new Action.Export(
                      export.buffer(),
                      export.sizeBytes(),
                      export.name(),
                      export.preference(),
                      export.sharedWith().stream().filter(each -> !each.equals(client)).toList()))
              : step);
    }
    return changed;
  }

  private void dropSteps() {
    for (String client : List.copyOf(best.steps().keySet())) {
      int size = steps(client).size();
      for (int block = Math.max(1, size / 2); block > 0; block /= 2) {
        for (int from = 0; from < steps(client).size(); ) {
          List<Step> fewer = new ArrayList<>(steps(client));
          int to = Math.min(from + block, fewer.size());
          fewer.subList(from, to).clear();
          if (!keepIfFails(withSteps(client, fewer))) {
            from = to;
          }
        }
      }
    }
  }

  private List<Step> steps(String client) {
    return best.steps().getOrDefault(client, List.of());
  }

  private Tape withSteps(String client, List<Step> steps) {
    Map<String, List<Step>> changed = new LinkedHashMap<>(best.steps());
    changed.put(client, steps);
    return best.withSteps(changed);
  }

  private void dropUses() {
    for (String client : List.copyOf(best.steps().keySet())) {
      for (int at = 0; at < steps(client).size(); at++) {
        if (steps(client).get(at).action() instanceof Action.Submit submit) {
          dropUses(client, at, submit);
        }
      }
    }
  }

  private void dropUses(String client, int at, Action.Submit submit) {
    List<Use> uses = new ArrayList<>(submit.uses());
    for (int use = uses.size() - 1; use >= 0 && uses.size() > 1; use--) {
      List<Use> fewer = new ArrayList<>(uses);
      fewer.remove(use);
      List<Step> changed = new ArrayList<>(steps(client));
      changed.set(
          at, new Step(changed.get(at).atNanos(), new Action.Submit(submit.device(), fewer, 0)));
      if (keepIfFails(withSteps(client, changed))) {
        uses = fewer;
      }
    }
  }

  /** All at once, where that will do. */
  private void earlier() {
    Map<String, List<Step>> early = new LinkedHashMap<>();
    best.steps()
        .forEach(
            (client, steps) ->
                early.put(client, steps.stream().map(step -> new Step(0, step.action())).toList()));
    if (!early.equals(best.steps())) {
      keepIfFails(best.withSteps(early));
    }
  }

  /** The words of a tape's order that are not mild, for a report. */
  static long unruly(Tape tape) {
    return Arrays.stream(tape.picks()).filter(pick -> pick != 0).count();
  }
}
