package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.List;
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

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Does the run again that `snapshot` has kept, verifies it there, and goes on to its end;"
              + " every option of the run is in the file.")
  @Nullable Path resume;
}
