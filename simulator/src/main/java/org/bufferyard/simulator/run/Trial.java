package org.bufferyard.simulator.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.actors.sanitizer.Coverage;
import org.bufferyard.actors.sanitizer.Rule;
import org.bufferyard.simulator.fault.Firings;
import org.bufferyard.simulator.history.Histories;
import org.bufferyard.simulator.result.RunResult.Violation;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.simulator.workload.Workload;
import org.bufferyard.testkit.Courier;
import org.bufferyard.testkit.Observer;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * One small deterministic run of the real actors, ended by its first violation. The faults of its
 * scenario happen while the workload lasts; then the world is healed, and must come to its end.
 */
public final class Trial {
  /** Steps after which a run is taken never to end, healed or not. */
  public static final long STEPS_MAX = 5_000_000;

  /** Steps at one instant after which a trial is a livelock. */
  private static final long STEPS_AT_ONCE_MAX = 200_000;

  private static final Observer NOBODY = new Observer() {};

  /** How a trial ended. */
  public enum Verdict {
    CLEAN,
    /** A rule of the protocol did not hold. */
    CORRECTNESS,
    /** Everything went right, but not to its end. */
    LIVENESS,
    /** An actor failed. */
    CRASH
  }

  /**
   * What to try.
   *
   * @param firings the faults that happen, instead of chance; null for chance
   * @param off rules of the sanitizer that are left out
   * @param courier what is done to messages besides the scenario's faults
   * @param observer sees everything besides the sanitizer
   * @param checked by the sanitizer and the histories; else by the books and the contents alone
   */
  public record Plan(
      Scenario scenario,
      Workload workload,
      long seed,
      Strategy strategy,
      @Nullable Firings firings,
      Set<Rule> off,
      Courier courier,
      Observer observer,
      boolean checked) {
    /** By chance, with every rule on. */
    public static Plan of(Scenario scenario, Workload workload, long seed, Strategy strategy) {
      return new Plan(
          scenario,
          workload,
          seed,
          strategy,
          null,
          EnumSet.noneOf(Rule.class),
          Courier.HONEST,
          NOBODY,
          true);
    }

    public Plan withStrategy(Strategy other) {
      return new Plan(scenario, workload, seed, other, firings, off, courier, observer, checked);
    }

    public Plan withFirings(@Nullable Firings other) {
      return new Plan(scenario, workload, seed, strategy, other, off, courier, observer, checked);
    }

    public Plan withOff(Set<Rule> rules) {
      return new Plan(
          scenario, workload, seed, strategy, firings, rules, courier, observer, checked);
    }

    public Plan withCourier(Courier other) {
      return new Plan(scenario, workload, seed, strategy, firings, off, other, observer, checked);
    }

    /** Without the sanitizer and the histories. */
    public Plan unchecked() {
      return new Plan(scenario, workload, seed, strategy, firings, off, courier, observer, false);
    }

    public Plan withObserver(Observer other) {
      return new Plan(scenario, workload, seed, strategy, firings, off, courier, other, checked);
    }
  }

  /**
   * How it went.
   *
   * @param violations the first is what ended it
   * @param eventHash equal for equal trials
   * @param firings the faults that happened
   * @param checked what histories were checked
   * @param deeds of each client that came to its end
   */
  public record Outcome(
      Verdict verdict,
      List<Violation> violations,
      long steps,
      long eventHash,
      long endNanos,
      Firings firings,
      Coverage coverage,
      Histories.Checked checked,
      List<Deeds> deeds) {
    public boolean clean() {
      return verdict == Verdict.CLEAN;
    }

    /** The rule that failed first; empty for none. */
    public String rule() {
      return violations.isEmpty() ? "" : violations.getFirst().rule();
    }
  }

  public static Outcome run(Plan plan) {
    RunRequest request =
        new RunRequest(plan.scenario, plan.workload, plan.seed, true, 1, () -> 0, "");
    Settings settings =
        Settings.seed(plan.seed)
            .withStepsPerInstantMax(STEPS_AT_ONCE_MAX)
            .withStrategy(plan.strategy)
            .withCourier(plan.courier)
            .withObserver(plan.observer);
    try (Ground ground = Ground.lay(plan.scenario, Path.of(""))) {
      Watched run =
          Watched.run(
              new Watched.Plan(
                  request,
                  Scale.SMALL,
                  STEPS_MAX,
                  settings,
                  plan.firings,
                  plan.off,
                  true,
                  plan.checked),
              ground,
              (at, total) -> {});
      return outcome(run);
    } catch (IOException noSwapFile) {
      throw new UncheckedIOException(noSwapFile);
    } catch (IllegalStateException stuck) {
      return broken(String.valueOf(stuck.getMessage()));
    }
  }

  /** The testkit gave up: steps without end at one instant, or an actor that will not stop. */
  private static Outcome broken(String text) {
    boolean livelock = text.startsWith("livelock");
    return new Outcome(
        livelock ? Verdict.LIVENESS : Verdict.CRASH,
        List.of(new Violation(0, livelock ? "liveness" : "crash", "", text, List.of())),
        0,
        0,
        0,
        Firings.NONE,
        new Coverage(),
        new Histories.Checked(0, 0),
        List.of());
  }

  private static Outcome outcome(Watched run) {
    List<Violation> violations = run.ending().recorder().violations();
    return new Outcome(
        verdict(violations),
        violations,
        run.steps(),
        run.hash(),
        run.endNanos(),
        run.firings(),
        run.sanitizer().coverage(),
        run.checked(),
        Deeds.of(run.ending().programs()));
  }

  private static Verdict verdict(List<Violation> violations) {
    if (violations.isEmpty()) {
      return Verdict.CLEAN;
    }
    return switch (violations.getFirst().rule()) {
      case "liveness" -> Verdict.LIVENESS;
      case "crash" -> Verdict.CRASH;
      default -> Verdict.CORRECTNESS;
    };
  }

  private Trial() {}
}
