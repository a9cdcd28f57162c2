package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.Figures;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.simulator.run.Checkpoint;
import org.bufferyard.simulator.scenario.Quantity;
import org.bufferyard.simulator.snapshot.Snapshot;
import org.bufferyard.simulator.snapshot.SnapshotFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a deterministic run at a moment. */
@Command(
    name = "snapshot",
    description = {
      "Runs a scenario deterministically up to a moment and keeps that: the tape so far, and a",
      "digest of the state. `run --resume FILE` does it again, verifies it, and goes on."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Exit codes: 0 kept, 2 bad usage or input."})
final class SnapshotCommand implements Callable<Integer> {
  private static final long NANOS_MAX = 24L * 3_600 * 1_000_000_000;

  /** Keeps what the run was like at the event, or as soon as the clock has reached the time. */
  private static final class Stop implements Checkpoint {
    private final boolean byEvent;
    private final long limit;
    @Nullable Moment moment;

    Stop(boolean byEvent, long limit) {
      this.byEvent = byEvent;
      this.limit = limit;
    }

    @Override
    public boolean reached(long event, long nanos) {
      return (byEvent ? event : nanos) >= limit;
    }

    @Override
    public boolean at(Moment now) {
      moment = now;
      return false;
    }
  }

  private final Terminal terminal;
  private final Runner runner;

  @Mixin private final WorldOptions options = new WorldOptions();

  @Option(
      names = "--at",
      required = true,
      paramLabel = "TIME|EVENT",
      description = "When: a model time such as 5s, or the number of an event.")
  private String at = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to; replaces a regular file.")
  private Path out = Path.of("");

  SnapshotCommand(Terminal terminal, Runner runner) {
    this.terminal = terminal;
    this.runner = runner;
  }

  @Override
  public Integer call() throws BadInput {
    Stop stop = stop();
    RunPlan plan = new PlanReader(options, terminal.command()).read().checkpointed(stop);
    List<Snapshot.Word> words = SnapshotWords.of(options);
    OutputFile file = OutputFile.open("--out", out);
    try (ProgressLine progress = new ProgressLine(terminal)) {
      runner.run(plan, progress);
    }
    Checkpoint.Moment moment = stop.moment;
    if (moment == null) {
      throw new BadInput("--at " + at + ": the run ended before; nothing was written");
    }
    Snapshot snapshot = new Snapshot(Version.own(), words, Snapshot.parts(plan.scenario()), moment);
    file.write(target -> SnapshotFile.write(snapshot, target));
    tell(plan, moment);
    return ExitCode.CLEAN;
  }

  private void tell(RunPlan plan, Checkpoint.Moment moment) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s, seed %d: event %,d, %s; %,d parts of the state, hash so far %016x%n",
            plan.scenario().name(),
            plan.seed(),
            moment.event(),
            Figures.time(moment.nanos()),
            moment.parts().size(),
            moment.eventHash());
    terminal.out().println("  resume  " + new ReplayLine(terminal.command()).resuming(out));
  }

  private Stop stop() throws BadInput {
    if (at.matches("[0-9]{1,18}")) {
      return new Stop(true, Long.parseLong(at));
    }
    return switch (Quantity.timeNanos(at, 0, NANOS_MAX)) {
      case Outcome.Done<Long>(Long nanos) -> new Stop(false, nanos);
      case Outcome.Refused<Long>(var refusal) ->
          throw new BadInput("--at " + refusal.reason() + ", nor the number of an event");
    };
  }
}
