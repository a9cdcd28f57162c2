package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.scenario.Contents;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} takes, as typed; {@link PlanReader} gives it meaning. */
final class RunOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO|FILE.conf",
      description = "A bundled scenario by name, or a scenario file. Default: desktop.")
  @Nullable String scenario;

  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "Eviction policy of every region, of: ${COMPLETION-CANDIDATES}.",
      completionCandidates = KnownPolicies.class)
  @Nullable String policy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "Whole number that every draw derives from. Default: 1.")
  long seed = 1;

  @Option(
      names = "--duration",
      paramLabel = "D",
      converter = Converters.Duration.class,
      description = "Model time that the workload runs, for example 500 ms or 10 s.")
  @Nullable Long durationNanos;

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
      names = "--contents",
      paramLabel = "bytes|tags",
      converter = Converters.ContentsWord.class,
      description = "What regions store: real bytes, or one tag per page, 512 times smaller.")
  @Nullable Contents contents;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Runs a recorded trace: a .rmv capture or a minimalloc CSV.")
  @Nullable Path trace;

  @Option(
      names = "--vram",
      paramLabel = "SIZE",
      converter = Converters.VramSize.class,
      description = "Size of VRAM for --trace, for example 256 MiB. Default: the trace's peak.")
  @Nullable Long vramBytes;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Lays a key over the scenario, for example regions.VRAM.size=25%%. Repeatable.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--manage",
      paramLabel = "KEY=VALUE[,...]",
      description =
          "What is managed around the policy: keys of the section manage, and bring-back; for"
              + " example bring-back=always,spill=true. Repeatable.")
  List<String> manage = new ArrayList<>();

  @Option(
      names = "--fault",
      paramLabel = "NAME[:key=value,...]",
      converter = Converters.FaultWord.class,
      description =
          "Makes a fault of docs/faults.md happen, for example link-fails:count=3; needs"
              + " --deterministic. Repeatable.")
  List<FaultSpec> faults = new ArrayList<>();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes DIR/report.html, one self-contained page; makes DIR where needed.")
  @Nullable Path report;

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
}
