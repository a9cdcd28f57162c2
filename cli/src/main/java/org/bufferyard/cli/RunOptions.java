package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.simulator.run.RunRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code run} takes besides. */
final class RunOptions extends WorldOptions {
  @Option(
      names = "--speed",
      paramLabel = "N",
      converter = Converters.Speed.class,
      description = "Model seconds per wall second. Default: 1. Without effect on --deterministic.")
  double speed = 1;

  @Option(
      names = "--deterministic",
      description =
          "One thread, virtual time and a seeded order: equal seeds give an equal event hash.")
  boolean deterministic;

  @Option(
      names = "--sanitize",
      paramLabel = "all|1/N|off",
      converter = Converters.SamplingWord.class,
      description =
          "Checks all buffers, or one in N, while the run goes on. Default: off. A --deterministic"
              + " run is checked as a whole.")
  @Nullable Sampling sanitize;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes DIR/report.html, one self-contained page; makes DIR where needed.")
  @Nullable Path report;

  @Option(
      names = "--evictions",
      paramLabel = "FILE",
      description =
          "Writes every eviction as CSV: the demand and client that caused it, whose buffer it was,"
              + " what became of it and who paid. At most 10,000.")
  @Nullable Path evictions;

  @Option(
      names = "--shadow",
      paramLabel = "P",
      split = ",",
      description =
          "Policies that watch the first region and tell what they would have missed and evicted.")
  List<String> shadows = new ArrayList<>();

  @Option(
      names = "--regret",
      description =
          "Compares the bytes fetched or used from afar with the least that any schedule of the same"
              + " accesses needs.")
  boolean regret;

  /** The region that is judged; not an option of its own. */
  String watched = "";

  @Option(
      names = "--dump-at",
      arity = "2",
      paramLabel = "TIME FILE",
      hideParamSyntax = true,
      description =
          "Writes what the run was like at that model time, for `inspect FILE`. A deterministic run"
              + " is run up to that time before, and is not disturbed.")
  @Nullable List<String> dumpAt;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the figures as JSON; replaces a regular file.")
  @Nullable Path json;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Does the run again that `snapshot` has kept, verifies it there, and goes on to its end;"
              + " every option of the run is in the file.")
  @Nullable Path resume;

  /** What is written down of the run; disturbs nothing. */
  Watching watching() throws BadInput {
    for (String shadow : shadows) {
      KnownPolicies.check("--shadow", shadow);
    }
    return new Watching(
            RunRequest.USUAL.moves(),
            regret ? RunRequest.ACCESSES_MAX : 0,
            List.copyOf(new LinkedHashSet<>(shadows)))
        .withRegion(watched);
  }

  /** Which buffers are checked, where not the whole run is. */
  Sampling sampling() throws BadInput {
    if (deterministic && sanitize != null) {
      throw new BadInput(
          "--sanitize and --deterministic exclude each other: that run is checked as a whole");
    }
    return sanitize == null ? Sampling.OFF : sanitize;
  }
}
