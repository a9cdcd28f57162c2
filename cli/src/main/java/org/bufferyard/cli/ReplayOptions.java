package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.fault.FaultSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code replay} takes, as typed. */
final class ReplayOptions {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "A tape, as soak keeps it.")
  @Nullable Path tape;

  @Option(
      names = "--scenario",
      paramLabel = "S",
      description = "Instead of a tape: a bundled scenario by name, or swarm; with --seed.")
  @Nullable String scenario;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "The seed that --scenario is run with.")
  @Nullable Long seed;

  @Option(
      names = "--fault",
      paramLabel = "NAME[:key=value,...]",
      converter = Converters.FaultWord.class,
      description = "With --scenario: these faults, instead of the portfolio's. Repeatable.")
  List<FaultSpec> faults = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "With --scenario: lays a key over it. Repeatable.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--step",
      description = "Shows every message; on a terminal, one at each press of the enter key.")
  boolean step;

  @Option(
      names = "--until",
      paramLabel = "EVENT",
      description =
          "Stops showing at this event: its number, or the name of a message, as PrepareMove.")
  @Nullable String until;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Writes the page as HTML; replaces a regular file.")
  @Nullable Path page;
}
