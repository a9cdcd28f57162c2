package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bufferyard.simulator.compare.Experiment;
import org.bufferyard.simulator.compare.Metric;
import org.bufferyard.simulator.run.RunRequest;
import org.bufferyard.simulator.scenario.PinnedRoom;
import org.bufferyard.simulator.scenario.RegionSpec;

/**
 * What {@code compare} was asked: every run of it read and checked before the first one starts.
 *
 * @param against number of the policy that verdicts are given against
 */
record CompareRequest(
    String description, Experiment experiment, Metric metric, int against, int threads) {
  static final int SEEDS_MAX = 10_000;
  private static final int THREADS_MAX = 1_024;
  private static final int RUNS_MAX = 100_000;
  private static final String ALL = "all";
  private static final List<String> POLICIES =
      List.of("lru", "clock", "sieve", "s3-fifo", "w-tinylfu", "ttm", "wddm", "hotness");
  private static final String OWN_SIZE = "as given";

  /** Of the workload's footprint: nothing needs to leave. */
  private static final String ROOMY = "300%";

  static CompareRequest of(CompareOptions options, String command) throws BadInput {
    List<CompareRow> rows = CompareRow.of(policies(options), options.manage);
    List<String> policies = rows.stream().map(CompareRow::label).toList();
    int seeds = WholeNumber.of("--seeds", options.seeds, 1, SEEDS_MAX);
    if (options.firstSeed > Long.MAX_VALUE - seeds) {
      throw new BadInput("--first-seed " + options.firstSeed + ": the last seed is out of range");
    }
    Metric metric = metric(options.metric);
    int against = against(options.against, policies);
    List<String> sizes = options.vram.isEmpty() ? List.of(OWN_SIZE) : distinct(options.vram);
    if ((long) policies.size() * seeds * sizes.size() > RUNS_MAX) {
      throw new BadInput("more than " + RUNS_MAX + " runs: fewer policies, seeds or sizes");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int threads =
        options.threads == null
            ? cores
            : WholeNumber.of("--threads", options.threads, 1, THREADS_MAX);
    Plans plans = new Plans(options, command);
    if (!options.vram.isEmpty()) {
      plans.checkRegion();
    }
    List<Long> numbers =
        LongStream.range(0, seeds).map(i -> options.firstSeed + i).boxed().toList();
    List<RunRequest> runs = new ArrayList<>();
    for (String size : sizes) {
      for (long seed : numbers) {
        for (CompareRow row : rows) {
          runs.add(plans.at(row.policy(), row.settings(), size, seed));
        }
        checkRoom(runs.getLast());
      }
    }
    List<RunRequest> roomy = plans.roomy(rows.getFirst().policy(), numbers);
    List<List<RunRequest>> alone = new ArrayList<>();
    if (options.alone || metric.againstAlone()) {
      for (String size : sizes) {
        for (long seed : numbers) {
          alone.add(
              plans.alone(rows.get(against).policy(), rows.get(against).settings(), size, seed));
        }
      }
    }
    if (metric == Metric.SLOWDOWN || metric == Metric.FAIRNESS) {
      checkRoomy(metric, roomy);
    }
    Experiment experiment = new Experiment(policies, sizes, numbers, runs, roomy, alone);
    return new CompareRequest(plans.description(), experiment, metric, against, threads);
  }

  /** Nothing a policy does helps where what cannot leave does not fit. */
  private static void checkRoom(RunRequest run) throws BadInput {
    Optional<PinnedRoom.Shortage> shortage = PinnedRoom.shortage(run.scenario(), run.workload());
    if (shortage.isPresent()) {
      PinnedRoom.Shortage missing = shortage.get();
      throw new BadInput(
          String.format(
              Locale.ROOT,
              "regions.%s.size: on seed %d %,d bytes must be there at once, pinned or in one job of"
                  + " %s, which reaches no other region; no policy can help",
              missing.region(),
              run.seed(),
              missing.neededBytes(),
              missing.device()));
    }
  }

  private static void checkRoomy(Metric metric, List<RunRequest> roomy) throws BadInput {
    if (roomy.isEmpty()) {
      throw new BadInput(
          "--metric "
              + metric.label()
              + ": needs a run with ample memory, and the scenario has no region VRAM to grow;"
              + " name one with --region");
    }
  }

  private static List<String> policies(CompareOptions options) throws BadInput {
    List<String> names = options.policies;
    if (names.isEmpty()) {
      return options.manage.isEmpty() ? POLICIES : POLICIES.subList(0, 1);
    }
    LinkedHashSet<String> chosen = new LinkedHashSet<>();
    for (String name : names) {
      if (name.equals(ALL)) {
        chosen.addAll(KnownPolicies.online());
      } else {
        KnownPolicies.check("--policies", name);
        chosen.add(name);
      }
    }
    if (chosen.size() < 2 && options.manage.isEmpty()) {
      throw new BadInput("--policies '" + String.join(",", names) + "': a comparison needs two");
    }
    return List.copyOf(chosen);
  }

  private static Metric metric(String label) throws BadInput {
    return Metric.named(label)
        .orElseThrow(
            () ->
                new BadInput(
                    "--metric '"
                        + label
                        + "' is unknown; known: "
                        + String.join(", ", Metric.labels())));
  }

  private static int against(@org.jspecify.annotations.Nullable String name, List<String> policies)
      throws BadInput {
    if (name == null) {
      return 0;
    }
    int against = policies.indexOf(name);
    if (against < 0) {
      throw new BadInput(
          "--against '"
              + name
              + "' is not among the policies compared: "
              + String.join(", ", policies));
    }
    return against;
  }

  private static List<String> distinct(List<String> sizes) {
    return List.copyOf(new LinkedHashSet<>(sizes));
  }

  /** Runs as {@code run} would read them. */
  private static final class Plans {
    private final CompareOptions options;
    private final String command;
    private String description = "";

    Plans(CompareOptions options, String command) {
      this.options = options;
      this.command = command;
    }

    /** A setting would make the region where there is none. */
    void checkRegion() throws BadInput {
      List<String> regions = regions();
      if (!regions.contains(options.region)) {
        throw new BadInput(
            "--vram: the scenario has no region '"
                + options.region
                + "' to size; --region takes one of: "
                + String.join(", ", regions));
      }
    }

    private List<String> regions() throws BadInput {
      String any = KnownPolicies.online().getFirst();
      return at(any, List.of(), OWN_SIZE, 1).scenario().regions().stream()
          .map(RegionSpec::name)
          .toList();
    }

    String description() {
      return description;
    }

    RunRequest at(String policy, List<String> more, String size, long seed) throws BadInput {
      RunOptions run = new RunOptions();
      run.scenario = options.scenario;
      run.trace = options.trace;
      run.policy = policy;
      run.seed = seed;
      run.durationNanos = options.durationNanos;
      run.deterministic = true;
      run.contents = options.contents;
      run.settings = new ArrayList<>(options.settings);
      run.settings.addAll(more);
      run.watched = options.region;
      run.regret = options.regret || options.metric.equals(Metric.REGRET.label());
      if (!size.equals(OWN_SIZE)) {
        run.settings.add("regions." + options.region + ".size=" + size);
      }
      RunPlan plan = new PlanReader(run, command).read().watched(run.watching());
      description = plan.scenario().name() + ": " + plan.description();
      return Engine.request(plan);
    }

    /** Each client by itself; its buffers keep their keys, and those of others never come. */
    List<RunRequest> alone(String policy, List<String> more, String size, long seed)
        throws BadInput {
      RunRequest all = at(policy, more, size, seed);
      List<RunRequest> alone = new ArrayList<>();
      if (all.workload().clients().size() > 1) {
        for (int client = 0; client < all.workload().clients().size(); client++) {
          alone.add(all.withWorkload(all.workload().ofClient(client)));
        }
      }
      return alone;
    }

    /** Empty where there is no region to be given memory for everything. */
    List<RunRequest> roomy(String policy, List<Long> seeds) throws BadInput {
      List<RunRequest> roomy = new ArrayList<>();
      if (regions().contains(options.region)) {
        for (long seed : seeds) {
          roomy.add(at(policy, List.of(), ROOMY, seed));
        }
      }
      return roomy;
    }
  }
}
