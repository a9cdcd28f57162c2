package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.scenario.Contents;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code compare} takes, as typed; {@link CompareRequest} gives it meaning. */
final class CompareOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO|FILE.conf",
      description = "A bundled scenario by name, or a scenario file. Default: desktop.")
  @Nullable String scenario;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Compares on a recorded trace: a .rmv capture or a minimalloc CSV.")
  @Nullable Path trace;

  @Option(
      names = "--policies",
      paramLabel = "P",
      split = ",",
      description =
          "Two or more by name, or all. Default: lru,clock,sieve,s3-fifo,w-tinylfu,ttm,wddm,hotness;"
              + " with --manage: lru.")
  List<String> policies = new ArrayList<>();

  @Option(
      names = "--manage",
      paramLabel = "KEY=VALUE[,...]",
      description =
          "Compares this management too, beside the scenario's own: keys of the section manage, and"
              + " bring-back. Repeatable.")
  List<String> manage = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs of each policy, each on a seed of its own. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10")
  String seeds = "";

  @Option(
      names = "--first-seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "The first of the seeds; the others follow. Default: 1.")
  long firstSeed = 1;

  @Option(
      names = "--vram",
      paramLabel = "SIZE",
      split = ",",
      description =
          "Sizes of the region to compare at, for example 128MiB,40%%. Default: the scenario's own.")
  List<String> vram = new ArrayList<>();

  @Option(
      names = "--region",
      paramLabel = "R",
      description = "The region that --vram sizes. Default: ${DEFAULT-VALUE}.",
      defaultValue = "VRAM")
  String region = "";

  @Option(
      names = "--metric",
      paramLabel = "M",
      description = "What to rank by. Default: ${DEFAULT-VALUE}.",
      defaultValue = "stall-p99")
  String metric = "";

  @Option(
      names = "--regret",
      description =
          "Judges each run against the least bytes that its own accesses need; also --metric regret.")
  boolean regret;

  @Option(
      names = "--alone",
      description =
          "Adds a run of each client by itself for each size and seed; also --metric"
              + " slowdown-alone.")
  boolean alone;

  @Option(
      names = "--against",
      paramLabel = "P",
      description = "The policy that verdicts are given against. Default: the first.")
  @Nullable String against;

  @Option(
      names = "--duration",
      paramLabel = "D",
      converter = Converters.Duration.class,
      description = "Model time of each run, for example 500 ms or 10 s.")
  @Nullable Long durationNanos;

  @Option(
      names = "--contents",
      paramLabel = "bytes|tags",
      converter = Converters.ContentsWord.class,
      description = "What regions store. Default: tags; decisions are the same.")
  Contents contents = Contents.TAGS;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Lays a key over the scenario. Repeatable.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Runs at once. Default: the cores given.")
  @Nullable String threads;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes DIR/compare.html, one self-contained page; makes DIR where needed.")
  @Nullable Path report;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes every figure as JSON; replaces a regular file.")
  @Nullable Path json;

  @Option(names = "--csv", description = "Prints a line for each run, as CSV.")
  boolean csv;
}
