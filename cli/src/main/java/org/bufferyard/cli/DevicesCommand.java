package org.bufferyard.cli;

import java.util.concurrent.Callable;
import org.bufferyard.cli.output.CatalogPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the device kinds with their limits and paths, and the heaps. */
@Command(
    name = "devices",
    description = {
      "Lists the kinds of devices: how each reaches memory and within which limits;",
      "and the heaps that memory comes from, by their names."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Exit codes: 0 listed, 2 bad usage."})
final class DevicesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DevicesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(json ? CatalogPage.json() : CatalogPage.text());
    return ExitCode.CLEAN;
  }
}
