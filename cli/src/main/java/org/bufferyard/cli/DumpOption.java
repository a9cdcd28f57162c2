package org.bufferyard.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.DumpJson;
import org.bufferyard.cli.output.Figures;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.run.Simulation;
import org.bufferyard.simulator.scenario.Quantity;
import org.jspecify.annotations.Nullable;

/** {@code --dump-at TIME FILE}: when a run is looked at, and where that is written. */
final class DumpOption {
  private static final long NANOS_MAX = 24L * 3_600 * 1_000_000_000;

  private final long atNanos;
  private final OutputFile file;

  /** Filled by the run, on whatever thread it has. */
  private final AtomicReference<@Nullable Dump> dump = new AtomicReference<>();

  private DumpOption(long atNanos, OutputFile file) {
    this.atNanos = atNanos;
    this.file = file;
  }

  /** The option as typed; null if it was not. */
  static @Nullable DumpOption of(@Nullable List<String> words) throws BadInput {
    if (words == null) {
      return null;
    }
    if (words.size() != 2) {
      throw new BadInput("--dump-at TIME FILE can be given once");
    }
    long atNanos =
        switch (Quantity.timeNanos(words.getFirst(), 0, NANOS_MAX)) {
          case Outcome.Done<Long>(Long nanos) -> nanos;
          case Outcome.Refused<Long>(var refusal) ->
              throw new BadInput("--dump-at " + refusal.reason());
        };
    return new DumpOption(atNanos, OutputFile.open("--dump-at", path(words.getLast())));
  }

  private static Path path(String word) throws BadInput {
    try {
      return Path.of(word);
    } catch (InvalidPathException notPath) {
      throw new BadInput("--dump-at '" + word + "' is no path: " + notPath.getReason());
    }
  }

  Simulation.DumpAt at() {
    return new Simulation.DumpAt(atNanos, dump::set);
  }

  /** Writes what the run has left here. */
  void write(double ranSeconds) throws BadInput {
    Dump made = dump.get();
    if (made == null) {
      throw new BadInput(
          "--dump-at "
              + Figures.time(atNanos)
              + ": the run ended before, at "
              + Figures.seconds(ranSeconds)
              + "; nothing was written");
    }
    file.write(DumpJson.of(made));
  }
}
