package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.cli.output.DumpJson;
import org.bufferyard.cli.output.DumpPage;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.dump.DumpFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a run at a moment, as {@code run --dump-at} wrote it. */
@Command(
    name = "inspect",
    description = {
      "Shows what a run was like at a moment: buffers, who holds and pins them, fences, who waits",
      "for whom, and what each client holds alone and shared."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Exit codes: 0 shown, 2 bad usage or input."})
final class InspectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(arity = "1", paramLabel = "FILE", description = "What run --dump-at TIME FILE wrote.")
  private @Nullable Path file;

  @Option(
      names = "--all",
      description = "List every buffer and every wait, not only the largest and the first.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON, totals included.")
  private boolean json;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    Path from = file == null ? Path.of("") : file;
    switch (DumpFile.read(from)) {
      case Outcome.Done<Dump>(var dump) ->
          terminal.out().print(json ? DumpJson.withTotals(dump) : DumpPage.of(dump, all));
      case Outcome.Refused<Dump>(var refusal) -> throw new BadInput(refusal.reason());
    }
    return ExitCode.CLEAN;
  }
}
