package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.explore.Explorer;
import org.bufferyard.simulator.soak.Story;
import org.bufferyard.testkit.Courier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries the orders of a small world, one after the other. */
@Command(
    name = "explore",
    description = {
      "Runs a small world in every order, as far as a bound reaches: every device writes every",
      "buffer, with room near the devices for all buffers but one."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Exit codes: 0 no rule broken within the bound, 1 a rule did not hold, 2 bad usage or input."
    })
final class ExploreCommand implements Callable<Integer> {
  private static final long BOUND_MAX = 100_000_000;

  private final Terminal terminal;

  @Option(names = "--buffers", paramLabel = "N", description = "1 to 6. Default: 2.")
  int buffers = 2;

  @Option(names = "--devices", paramLabel = "N", description = "1 to 6. Default: 2.")
  int devices = 2;

  @Option(
      names = "--bound",
      paramLabel = "N",
      description = "States after which it stops, 1 to 100000000. Default: 20000.")
  long bound = 20_000;

  @Option(
      names = "--failures",
      paramLabel = "DIR",
      description = "Where the tape and page of a failure go. Default: failures.")
  Path failures = Path.of("failures");

  ExploreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    inRange("--buffers", buffers, Explorer.SIZE_MAX);
    inRange("--devices", devices, Explorer.SIZE_MAX);
    inRange("--bound", bound, BOUND_MAX);
    long start = System.nanoTime();
    Explorer.Result result;
    try (ProgressLine progress = new ProgressLine(terminal)) {
      result =
          Explorer.of(buffers, devices, () -> Courier.HONEST)
              .explore(bound, states -> progress.show("states", states, bound));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "states %,d of %d buffers and %d devices, in %,d runs of up to %,d choices, %.1f s%n",
            result.states(),
            buffers,
            devices,
            result.runs(),
            result.depth(),
            seconds);
    Explorer.Failure failure = result.failure();
    if (failure == null) {
      terminal
          .out()
          .println(
              result.complete()
                  ? "every order was tried; no rule was broken"
                  : "the bound is reached; no rule was broken");
      return ExitCode.CLEAN;
    }
    tell(failure);
    return ExitCode.VIOLATED;
  }

  private static void inRange(String option, long value, long max) throws BadInput {
    if (value < 1 || value > max) {
      throw new BadInput(option + " '" + value + "' is not a whole number of 1 to " + max);
    }
  }

  private void tell(Explorer.Failure failure) throws BadInput {
    FailureFiles files = new FailureFiles(failures, failure.tape().seed());
    String command = terminal.command() + " replay " + files.tape(failure.tape());
    if (Story.of(failure.tape(), List.of("lru"), () -> Courier.HONEST, command)
        instanceof Outcome.Done<Story>(Story story)) {
      story.text().forEach(line -> terminal.out().println(Terminal.oneLine(line)));
      terminal.out().println("page      " + files.page(story));
    }
  }
}
