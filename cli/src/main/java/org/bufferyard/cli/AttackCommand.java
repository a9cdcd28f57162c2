package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.bufferyard.cli.output.AttackText;
import org.bufferyard.cli.output.CompareTable;
import org.bufferyard.cli.output.Outlook;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.cli.report.ComparePage;
import org.bufferyard.simulator.attack.Attack;
import org.bufferyard.simulator.attack.BrokenRun;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Metric;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Searches for the workload on which a policy does worst. */
@Command(
    name = "attack",
    description =
        "Searches for a workload on which an eviction policy does much worse than others.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "The workload found is made small and written as a scenario file that anyone can run.",
      "Exit codes: 0 done, 1 a trial violated an invariant, 2 bad usage or input."
    })
final class AttackCommand implements Callable<Integer> {
  private static final List<String> RIVALS =
      List.of("lru", "fifo", "clock", "sieve", "s3-fifo", "w-tinylfu", "ttm", "mru", "random");

  /** Fresh ones, which the search has not seen. */
  private static final String CONFIRMING_SEEDS = "10";

  private static final int MINUTES_MAX = 24 * 60;
  private static final int GENERATIONS_MAX = 1_000_000;

  private final Terminal terminal;

  @Option(
      names = "--policy",
      paramLabel = "P",
      required = true,
      description = "The policy to attack, of: ${COMPLETION-CANDIDATES}.",
      completionCandidates = KnownPolicies.class)
  private String policy = "";

  @Option(
      names = "--against",
      paramLabel = "Q",
      split = ",",
      description =
          "What it is held against; the best of several counts. Default: lru, fifo, clock, sieve,"
              + " s3-fifo, w-tinylfu, ttm, mru and random.")
  private List<String> against = new ArrayList<>();

  @Option(
      names = "--metric",
      paramLabel = "M",
      description = "What it shall do badly by, for example stall-p99. Default: ${DEFAULT-VALUE}.",
      defaultValue = "moved")
  private String metric = "";

  @Option(names = "--minutes", paramLabel = "N", description = "How long to search. Default: 2.")
  private @Nullable String minutes;

  @Option(
      names = "--generations",
      paramLabel = "N",
      description = "Search so many generations instead, which gives the same result every time.")
  private @Nullable String generations;

  @Option(
      names = "--duration",
      paramLabel = "D",
      converter = Converters.Duration.class,
      description = "Model time of each trial. Default: 1 s.")
  private long durationNanos = 1_000_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "Of the search. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE.conf",
      description = "The scenario file to write. Default: attack-P.conf.")
  private @Nullable Path out;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes DIR/compare.html about the workload found.")
  private @Nullable Path report;

  AttackCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    Attack attack = new Attack(policy, rivals(), metric(), duration(), seed);
    if (minutes != null && generations != null) {
      throw new BadInput("--minutes and --generations exclude each other");
    }
    Budget budget = budget();
    Path file = out == null ? Path.of("attack-" + policy + ".conf") : out;
    OutputFile scenario = OutputFile.open("--out", file);
    OutputFile page = report == null ? null : OutputFile.openIn("--report", report, "compare.html");
    try {
      search(attack, budget, file, scenario, page);
      return ExitCode.CLEAN;
    } catch (BrokenRun broken) {
      scenario.write(broken.genome().text("a workload that broke an invariant"));
      terminal.fault(
          broken.getMessage()
              + "; replay: "
              + "%s run %s --policy %s --seed %d --deterministic"
                  .formatted(terminal.command(), file, broken.policy(), broken.seed()));
      return ExitCode.VIOLATED;
    }
  }

  private List<String> rivals() throws BadInput {
    KnownPolicies.check("--policy", policy);
    for (String rival : against) {
      KnownPolicies.check("--against", rival);
    }
    List<String> rivals = new ArrayList<>(against.isEmpty() ? RIVALS : against);
    rivals.removeIf(rival -> rival.equals(policy));
    if (rivals.isEmpty()) {
      throw new BadInput("--against '" + policy + "' is the policy under attack itself");
    }
    return rivals.stream().distinct().toList();
  }

  private Metric metric() throws BadInput {
    List<String> legal =
        List.of(Metric.values()).stream()
            .filter(each -> each.lowerIsBetter() && each.ofAnyRun())
            .map(Metric::label)
            .toList();
    if (!legal.contains(metric)) {
      throw new BadInput(
          "--metric '" + metric + "' is not one to attack by; known: " + String.join(", ", legal));
    }
    return Metric.named(metric).orElseThrow();
  }

  private long duration() throws BadInput {
    if (durationNanos < Attack.DURATION_NANOS_MIN) {
      throw new BadInput("--duration is less than 100 ms, in which nothing is worn out");
    }
    return durationNanos;
  }

  /** When to stop: after a time or after so many generations. */
  private record Budget(long untilNanos, int generations) {}

  private Budget budget() throws BadInput {
    if (generations != null) {
      int count = WholeNumber.of("--generations", generations, 1, GENERATIONS_MAX);
      return new Budget(Long.MAX_VALUE, count);
    }
    int time = WholeNumber.of("--minutes", minutes == null ? "2" : minutes, 1, MINUTES_MAX);
    return new Budget(System.nanoTime() + time * 60_000_000_000L, Integer.MAX_VALUE);
  }

  private void search(
      Attack attack, Budget budget, Path file, OutputFile scenario, @Nullable OutputFile page)
      throws BadInput {
    long startNanos = System.nanoTime();
    int[] done = new int[1];
    BooleanSupplier more =
        () ->
            done[0] < budget.generations()
                && (budget.untilNanos() == Long.MAX_VALUE
                    || System.nanoTime() < budget.untilNanos());
    Attack.Found found;
    try (ProgressLine progress = new ProgressLine(terminal);
        WorkerPool workers = new WorkerPool(Runtime.getRuntime().availableProcessors())) {
      found =
          attack.search(
              workers,
              more,
              (generation, ratio) -> {
                done[0] = generation;
                String text = String.format(Locale.ROOT, "generation %d: %.2fx", generation, ratio);
                progress.show(text, share(budget, startNanos, generation), 1_000);
              });
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    scenario.write(found.genome().text(AttackText.description(attack, found)));
    terminal.out().print(AttackText.of(attack, found, seconds, terminal.command(), file));
    confirm(attack, found, file, page);
  }

  private static long share(Budget budget, long startNanos, int generation) {
    if (budget.untilNanos() == Long.MAX_VALUE) {
      return 1_000L * generation / budget.generations();
    }
    double span = Math.max(1.0, (double) (budget.untilNanos() - startNanos));
    return (long) (1_000 * (System.nanoTime() - startNanos) / span);
  }

  /** All policies on seeds that the search has not seen, on the file as it was written. */
  private void confirm(Attack attack, Attack.Found found, Path file, @Nullable OutputFile page)
      throws BadInput {
    CompareOptions options = new CompareOptions();
    options.scenario = file.isAbsolute() ? file.toString() : "./" + file;
    options.policies = new ArrayList<>(List.of(policy));
    options.policies.addAll(attack.rivals());
    options.seeds = CONFIRMING_SEEDS;
    options.firstSeed = 101;
    options.metric = metric;
    options.region = "VRAM";
    CompareRequest request = CompareRequest.of(options, terminal.command());
    long startNanos = System.nanoTime();
    Comparison comparison;
    try (ProgressLine progress = new ProgressLine(terminal);
        WorkerPool workers = new WorkerPool(request.threads())) {
      comparison =
          request
              .experiment()
              .perform(workers, (done, of) -> progress.show("of " + of + " runs", done, of));
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    Outlook outlook =
        new Outlook(request.description(), comparison, "VRAM", attack.metric(), 0, seconds);
    terminal.out().println();
    terminal.out().print(CompareTable.of(outlook));
    if (page != null) {
      page.write(ComparePage.of(outlook, found.genome().clients()));
    }
  }
}
