package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.SoakSummary;
import org.bufferyard.simulator.scenario.Scenarios;
import org.bufferyard.simulator.soak.Shrinker;
import org.bufferyard.simulator.soak.SoakCase;
import org.bufferyard.simulator.soak.SoakPlan;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.simulator.soak.Tape;
import org.bufferyard.testkit.Courier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs seeds until one fails, and makes that one short. */
@Command(
    name = "soak",
    description = {
      "Runs many small worlds, each from a seed, with faults, and checks every rule.",
      "The first failure is made short, told on a page, and kept as a tape to replay."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 clean, 1 a rule did not hold, 2 bad usage or input, 3 a world never came to",
      "its end, 4 a seed ran twice and differed, 5 an actor failed."
    })
final class SoakCommand implements Callable<Integer> {
  private static final int JOBS_MAX = 256;
  private static final int MINUTES_MAX = 10_080;
  private static final long NANOS_PER_MINUTE = 60_000_000_000L;
  private static final long SHRINK_NANOS_MAX = 60_000_000_000L;

  private final Terminal terminal;
  @Mixin private final SoakOptions options = new SoakOptions();

  SoakCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    SoakPlan plan = plan();
    SeedSpan seeds = options.seeds == null ? new SeedSpan(1, Long.MAX_VALUE) : options.seeds;
    long limitNanos = options.seeds == null ? minutes() * NANOS_PER_MINUTE : Long.MAX_VALUE;
    check(plan, seeds.first());
    SoakWork work = new SoakWork(plan, seeds, limitNanos);
    try (ProgressLine progress = new ProgressLine(terminal)) {
      work.run(jobs(), progress);
    }
    terminal.out().print(SoakSummary.of(work.totals(), work.wallNanos(), work.cpuNanos()));
    SoakWork.Failure failure = work.failure();
    return failure == null ? ExitCode.CLEAN : tell(plan, failure);
  }

  private SoakPlan plan() throws BadInput {
    if (options.seeds != null && options.minutes != null) {
      throw new BadInput("--seeds and --minutes exclude each other");
    }
    if (options.noFaults && !options.faults.isEmpty()) {
      throw new BadInput("--no-faults and --fault exclude each other");
    }
    boolean swarm = options.scenario.equals(SoakOptions.SWARM);
    if (!swarm && !Scenarios.names().contains(options.scenario)) {
      throw new BadInput(
          "--scenario '"
              + options.scenario
              + "' is unknown; known: swarm, "
              + String.join(", ", Scenarios.names()));
    }
    boolean portfolio = options.faults.isEmpty() && !options.noFaults;
    return new SoakPlan(
        swarm ? null : options.scenario,
        options.settings,
        portfolio ? null : List.copyOf(options.faults),
        KnownPolicies.online());
  }

  private int minutes() throws BadInput {
    return inRange("--minutes", options.minutes, 1, MINUTES_MAX);
  }

  private int jobs() throws BadInput {
    int processors = Runtime.getRuntime().availableProcessors();
    return inRange("--jobs", options.jobs, Math.min(processors, JOBS_MAX), JOBS_MAX);
  }

  private static int inRange(
      String option, @org.jspecify.annotations.Nullable Integer value, int missing, int max)
      throws BadInput {
    if (value == null) {
      return missing;
    }
    if (value < 1 || value > max) {
      throw new BadInput(option + " '" + value + "' is not a whole number of 1 to " + max);
    }
    return value;
  }

  /** Settings that make no scenario are refused before the first seed. */
  private static void check(SoakPlan plan, long seed) throws BadInput {
    if (SoakCase.of(plan, seed) instanceof Outcome.Refused<SoakCase>(var refusal)) {
      throw new BadInput(refusal.reason());
    }
  }

  private int tell(SoakPlan plan, SoakWork.Failure failure) throws BadInput {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%nseed %d failed: %s%n",
            failure.seed(),
            Terminal.oneLine(failure.text()));
    switch (failure.kind()) {
      case NONDETERMINISTIC -> {
        return ExitCode.NONDETERMINISTIC;
      }
      case UNRELATED -> {
        String again = " soak --seeds " + failure.seed() + ".." + failure.seed();
        terminal.out().println("again     " + terminal.command() + again);
        return ExitCode.VIOLATED;
      }
      case FAILS -> {}
    }
    Tape tape = shrink(plan, failure.found());
    FailureFiles files = new FailureFiles(options.failures, failure.seed());
    Path kept = files.tape(tape);
    String command = terminal.command() + " replay " + kept;
    if (Story.of(tape, plan.policies(), () -> Courier.HONEST, command)
        instanceof Outcome.Done<Story>(Story story)) {
      story.text().forEach(terminal.out()::println);
      terminal.out().println("page      " + files.page(story));
    }
    return ExitCode.of(tape.expected().verdict());
  }

  private Tape shrink(SoakPlan plan, SoakCase found) {
    Tape tape = found.record(Courier.HONEST);
    long start = System.nanoTime();
    Shrinker shrinker =
        new Shrinker(
            tape,
            plan.policies(),
            () -> Courier.HONEST,
            () -> System.nanoTime() - start > SHRINK_NANOS_MAX);
    Tape small = shrinker.shrink();
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "made short: %d to %d events, %d to %d steps, in %d runs and %.1f s%n%n",
            tape.expected().events(),
            small.expected().events(),
            tape.stepCount(),
            small.stepCount(),
            shrinker.tries(),
            (System.nanoTime() - start) / 1e9);
    return small;
  }
}
