package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.Figures;
import org.bufferyard.simulator.snapshot.Resumption;
import org.bufferyard.simulator.snapshot.Snapshot;
import org.bufferyard.simulator.snapshot.SnapshotFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --resume FILE}: a run that a snapshot has kept is done again, and goes on. */
final class Resume {
  /** What may stand beside it; everything else is in the file. */
  private static final List<String> BESIDE =
      List.of("--resume", "--report", "--json", "--evictions");

  private final Path file;
  private final Snapshot snapshot;
  private final Resumption resumption;

  private Resume(Path file, Snapshot snapshot) {
    this.file = file;
    this.snapshot = snapshot;
    this.resumption = new Resumption(snapshot);
  }

  /** The option as typed; null if it was not. */
  static @Nullable Resume of(@Nullable Path file, @Nullable CommandSpec spec) throws BadInput {
    if (file == null || spec == null) {
      return null;
    }
    if (!spec.commandLine().getParseResult().matchedPositionals().isEmpty()) {
      throw new BadInput("--resume " + file + " and a scenario exclude each other");
    }
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!BESIDE.contains(option.longestName())) {
        throw new BadInput(
            "--resume " + file + " and " + option.longestName() + " exclude each other");
      }
    }
    return switch (SnapshotFile.read(file, Version.own())) {
      case Outcome.Done<Snapshot>(var snapshot) -> new Resume(file, snapshot);
      case Outcome.Refused<Snapshot>(var refusal) -> throw new BadInput(refusal.reason());
    };
  }

  RunPlan plan(String command) throws BadInput {
    RunPlan plan;
    try {
      plan = new PlanReader(SnapshotWords.read(snapshot.words()), command).read();
    } catch (BadInput bad) {
      throw new BadInput(file + ": " + bad.getMessage());
    }
    Optional<String> changed = Resumption.changed(snapshot, plan.scenario());
    if (changed.isPresent()) {
      throw new BadInput(file + ": " + changed.get());
    }
    return plan.checkpointed(resumption);
  }

  boolean verified() {
    return resumption.verified();
  }

  String fault() {
    return file + ": " + resumption.fault() + "; the program has changed since";
  }

  String told() {
    return String.format(
        Locale.ROOT,
        "%s: the same at event %,d, %s, in all %,d parts of the state",
        file,
        snapshot.moment().event(),
        Figures.time(snapshot.moment().nanos()),
        snapshot.moment().parts().size());
  }
}
