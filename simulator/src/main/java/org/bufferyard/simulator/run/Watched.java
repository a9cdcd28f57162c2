package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.sanitizer.Finding;
import org.bufferyard.actors.sanitizer.Rule;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.actors.sanitizer.Sanitizer;
import org.bufferyard.simulator.fault.FaultInjector;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.history.Histories;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.Limits;
import org.bufferyard.testkit.Courier;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.NamedRandom;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.Strategy;
import org.jspecify.annotations.Nullable;

/** One deterministic run with the sanitizer on and the scenario's faults injected. */
final class Watched {
  /** How long one actor is held back, in steps, where the plan has such a fault. */
  private static final int HOLD_STEPS = 1_000;

  /** A world that is not done this many steps after the last fault never will be. */
  private static final long HEALED_STEPS_MAX = 400_000;

  /**
   * What to run.
   *
   * @param settings seed, strategy, and an observer besides the sanitizer
   * @param firings what happens, instead of chance; null for chance
   * @param off rules that the sanitizer leaves out
   * @param untilFirst end at the first violation, and when the healed world takes too long
   * @param checked by the sanitizer
   */
  record Plan(
      RunRequest request,
      Scale scale,
      long stepsMax,
      Settings settings,
      @Nullable Firings firings,
      Set<Rule> off,
      boolean untilFirst,
      boolean checked) {
    static Plan of(RunRequest request, Scale scale, long stepsMax, Settings settings) {
      return new Plan(
          request, scale, stepsMax, settings, null, EnumSet.noneOf(Rule.class), false, true);
    }
  }

  private final Plan plan;
  private final Ground ground;
  private final VirtualClock clock = new VirtualClock();
  private final Sanitizer sanitizer;
  private final Histories histories;
  private final FaultInjector injector;
  private final Watchpoint watchpoint;
  private final List<Ending> ending = new ArrayList<>(1);
  private @Nullable Ending made;
  private long steps;
  private long hash;
  private long failures;
  private long healedAtStep = -1;
  private boolean exhausted;

  private Watched(Plan plan, Ground ground, @Nullable Checkpoint checkpoint) {
    this.plan = plan;
    this.ground = ground;
    this.sanitizer =
        new Sanitizer(
            ground.topology,
            ground.memory,
            clock::nowNanos,
            new Sanitizer.Strictness(
                Sanitizer.RECORDS_MAX,
                plan.request.scenario().limits().invalidateDeadlineNanos(),
                ageNanosMax(plan.request.scenario().limits()),
                plan.off));
    this.histories = new Histories(clock::nowNanos, new Verdicts(sanitizer));
    this.injector =
        new FaultInjector(
            plan.request.scenario().faults(),
            name -> NamedRandom.stream(plan.request.seed(), name),
            clock::nowNanos,
            plan.request.workload().durationNanos(),
            plan.firings,
            devices(plan.request.scenario().devices()),
            ground.memory);
    this.watchpoint = new Watchpoint(checkpoint, ground, injector);
  }

  /** A request's own deadline; then what it was waiting for has its own, and the books are slow. */
  private static long ageNanosMax(Limits limits) {
    return 2 * (limits.requestDeadlineNanos() + limits.invalidateDeadlineNanos());
  }

  static Watched run(Plan plan, Ground ground, ProgressListener progress) {
    return run(plan, ground, progress, null);
  }

  static Watched run(
      Plan plan, Ground ground, ProgressListener progress, @Nullable Checkpoint checkpoint) {
    Watched run = new Watched(plan, ground, checkpoint);
    run.runToTheEnd(progress);
    return run;
  }

  private static FaultInjector.Devices devices(List<DeviceSpec> specs) {
    return new FaultInjector.Devices() {
      @Override
      public String name(DeviceId device) {
        return device.value() < 0 ? "cpu" : specs.get(device.value()).name();
      }

      @Override
      public boolean translated(DeviceId device) {
        return device.value() >= 0
            && Demands.attachedFor(specs.get(device.value()), specs).iommu() != null;
      }
    };
  }

  private void runToTheEnd(ProgressListener progress) {
    if (plan.checked) {
      ground.memory.watchedBy(sanitizer.memoryWatch());
    }
    RunRequest request = plan.request;
    boolean faulty = !request.scenario().faults().isEmpty();
    Director.Brief brief =
        new Director.Brief(
            request.scenario(),
            request.workload(),
            ground,
            clock,
            name -> NamedRandom.stream(request.seed(), name),
            faulty ? new Director.Mishaps(injector, injector) : Director.Mishaps.NONE,
            plan.scale,
            progress,
            ending::add,
            request.watching(),
            Sampling.OFF);
    try (var system =
        DeterministicSystem.create(Director.create(brief), "bufferyard", settings(faulty))) {
      clock.follow(system::nowNanos);
      exhausted = !system.run(() -> over(system), plan.stepsMax);
      steps = system.steps();
      hash = system.eventHash();
      failures = system.failures().count();
    }
  }

  private Settings settings(boolean faulty) {
    Settings settings =
        plan.settings
            .withStrategy(watchpoint.recording(strategy()))
            .withObserver(new Observers.Both(oracles(), plan.settings.observer()));
    Courier first = settings.courier();
    return faulty
        ? settings.withCourier(
            (from, to, message) -> {
              Object carried = first.carry(from, to, message);
              return carried == null || carried instanceof Courier.Several
                  ? carried
                  : injector.carry(from, to, carried);
            })
        : settings;
  }

  /** Long runs of few buffers are not written down: a trial is as small as its history must be. */
  private Observer oracles() {
    if (!plan.checked) {
      return new Observer() {};
    }
    boolean kept = plan.untilFirst && !plan.off.contains(Rule.D84);
    return kept
        ? new Observers.Both(new Observers.Shown(sanitizer), histories)
        : new Observers.Shown(sanitizer);
  }

  /** Histories that cannot be explained are findings; what was not decided is one, too. */
  private record Verdicts(Sanitizer sanitizer) implements Histories.Listener {
    @Override
    public void impossible(BufferId buffer, String text) {
      sanitizer.report(Rule.D84, buffer, text);
    }

    @Override
    public void tooLong(BufferId buffer, String text) {
      sanitizer.report(Rule.D24, buffer, text);
    }
  }

  private Strategy strategy() {
    for (FaultSpec fault : plan.request.scenario().faults()) {
      if (fault.kind() == FaultKind.ACTOR_STARVED && plan.firings == null) {
        return Strategy.starveOne(HOLD_STEPS);
      } else if (fault.kind() == FaultKind.ACTOR_DELAYED && plan.firings == null) {
        return Strategy.delayOne(HOLD_STEPS);
      }
    }
    return plan.settings.strategy();
  }

  private boolean over(DeterministicSystem<?> system) {
    if (!ending.isEmpty() || watchpoint.cuts(system)) {
      return true;
    }
    return plan.untilFirst && (sanitizer.failed() || healedForTooLong(system));
  }

  private boolean healedForTooLong(DeterministicSystem<?> system) {
    if (healedAtStep < 0) {
      boolean healed = system.nowNanos() >= plan.request.workload().durationNanos();
      healedAtStep = healed ? system.steps() : -1;
      return false;
    }
    exhausted = system.steps() - healedAtStep > HEALED_STEPS_MAX;
    return exhausted;
  }

  /** A checkpoint has ended it; there is no result. */
  boolean cut() {
    return watchpoint.cut();
  }

  Sanitizer sanitizer() {
    return sanitizer;
  }

  Firings firings() {
    return injector.firings();
  }

  Histories.Checked checked() {
    return histories.checked();
  }

  long steps() {
    return steps;
  }

  long hash() {
    return hash;
  }

  long endNanos() {
    return clock.nowNanos();
  }

  /** The end with all that was found; where the run did not come to one, that is said. */
  Ending ending() {
    Ending known = made;
    if (known == null) {
      known = ending.isEmpty() ? cutShort() : ending.getFirst();
      made = known;
      complete(known);
    }
    return known;
  }

  private Ending cutShort() {
    Recorder recorder = new Recorder(ground.topology, List.of());
    return new Ending(new Audit(0), List.of(), recorder, clock.nowNanos());
  }

  private void complete(Ending end) {
    Recorder recorder = end.recorder();
    boolean clean = recorder.violationCount() == 0 && !ending.isEmpty();
    if (clean
        && plan.checked
        && plan.request.scenario().faults().stream().allMatch(f -> f.kind().permitted())) {
      histories.finish();
      sanitizer.finish();
    }
    for (Finding finding : sanitizer.findings()) {
      recorder.violate(
          finding.atNanos(),
          finding.rule().name(),
          finding.buffer(),
          finding.line(),
          finding.history());
    }
    if (failures > 0) {
      recorder.violate(clock.nowNanos(), "crash", "", failures + " actors or callbacks failed");
    }
    if (ending.isEmpty() && recorder.violationCount() == 0) {
      recorder.violate(
          clock.nowNanos(),
          "liveness",
          "",
          exhausted
              ? "not done " + (healedAtStep < 0 ? steps : steps - healedAtStep) + " events later"
              : "nothing is left to happen, and it is not done");
    }
  }

  RunResult result(long wallNanos) {
    return new ResultMaker(plan.request, ground.topology, ending())
        .deterministic(steps, hash, wallNanos);
  }
}
