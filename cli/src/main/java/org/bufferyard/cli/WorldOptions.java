package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.scenario.Contents;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What decides a run's outcome, as typed; {@link PlanReader} gives it meaning. */
class WorldOptions {
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
      names = "--manage",
      paramLabel = "KEY=VALUE[,...]",
      description =
          "What is managed around the policy: keys of the section manage, and bring-back; for"
              + " example bring-back=always,spill=true. Repeatable.")
  List<String> manage = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Lays a key over the scenario, for example regions.VRAM.size=25%%. Repeatable.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--fault",
      paramLabel = "NAME[:key=value,...]",
      converter = Converters.FaultWord.class,
      description =
          "Makes a fault of docs/faults.md happen, for example link-fails:count=3; needs"
              + " --deterministic. Repeatable.")
  List<FaultSpec> faults = new ArrayList<>();
}
