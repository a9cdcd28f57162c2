package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code soak} takes, as typed. */
final class SoakOptions {
  static final String SWARM = "swarm";

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      converter = Converters.SeedRange.class,
      description = "Runs these seeds, both ends included.")
  @Nullable SeedSpan seeds;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Runs seeds from 1 on for so many minutes, 1 to 10080. Default: 1.")
  @Nullable Integer minutes;

  @Option(
      names = "--scenario",
      paramLabel = "S",
      description =
          "A bundled scenario by name, or swarm: worlds drawn from the seed. Default: swarm.")
  String scenario = SWARM;

  @Option(
      names = "--fault",
      paramLabel = "NAME[:key=value,...]",
      converter = Converters.FaultWord.class,
      description = "These faults instead of the portfolio's. Repeatable.")
  List<FaultSpec> faults = new ArrayList<>();

  @Option(names = "--no-faults", description = "No faults at all.")
  boolean noFaults;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Lays a key over the scenario. Repeatable.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Seeds run at once, 1 to 256. Default: the processors.")
  @Nullable Integer jobs;

  @Option(
      names = "--failures",
      paramLabel = "DIR",
      description = "Where the tape and page of a failure go. Default: failures.")
  Path failures = Path.of("failures");
}
