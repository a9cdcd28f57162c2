package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bufferyard.cli.output.TextTable;
import org.bufferyard.simulator.scenario.Scenarios;
import picocli.CommandLine.Command;

/** Lists the bundled scenarios. */
@Command(
    name = "scenarios",
    description = "Lists the bundled scenarios, a line each.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ScenariosCommand implements Callable<Integer> {
  private final Terminal terminal;

  ScenariosCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<List<String>> rows = new ArrayList<>();
    for (Scenarios.Summary summary : new Scenarios(KnownPolicies.names()).bundled()) {
      rows.add(List.of(summary.name(), summary.description()));
    }
    terminal.out().print(TextTable.leftAligned(rows));
    return ExitCode.CLEAN;
  }
}
