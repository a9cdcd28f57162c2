package org.bufferyard.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command that the launcher carries out itself, for the benchmarks see all modules and none
 * sees them: here it is described, and refused to those who start the command line without it.
 */
@Command(
    name = "bench",
    description = {
      "Measures the allocator against C and writes the figures to benchmarks/results.",
      "Each is a ratio from one run; C is compiled with gcc and left out where there is none."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Exit codes: 0 measured, 1 the program itself failed, 2 bad usage."})
final class BenchCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--quick",
      description = {
        "Fewer cases and shorter turns: about a quarter.",
        "The figures go to benchmarks/target/quick."
      })
  private boolean quick;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "Which to run; default all, which takes some minutes. An unknown name lists them.")
  private List<String> names = List.of();

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.fault(
        "bench is started by the launcher of a checkout: ./bufferyard bench"
            + (quick ? " --quick" : "")
            + (names.isEmpty() ? "" : " " + String.join(" ", names)));
    return ExitCode.BAD_INPUT;
  }
}
