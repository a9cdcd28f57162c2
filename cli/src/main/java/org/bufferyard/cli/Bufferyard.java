package org.bufferyard.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceConfigurationError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The root command: names the others. */
@Command(
    name = "bufferyard",
    description = "Simulates devices that share, map, move and evict memory buffers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 finished and clean, 1 an invariant was violated, 2 bad usage or input.",
      "Begin with: bufferyard run"
    })
final class Bufferyard {
  /** Runs one command line; the exit code. */
  static int execute(Terminal terminal, Runner runner, String... args) {
    CommandLine root =
        new CommandLine(new Bufferyard())
            .addSubcommand(new RunCommand(terminal, runner))
            .addSubcommand(new InspectCommand(terminal))
            .addSubcommand(new SnapshotCommand(terminal, runner))
            .addSubcommand(new CompareCommand(terminal))
            .addSubcommand(new AttackCommand(terminal))
            .addSubcommand(new ScenariosCommand(terminal))
            .addSubcommand(new SoakCommand(terminal))
            .addSubcommand(new ReplayCommand(terminal))
            .addSubcommand(new ExploreCommand(terminal))
            .addSubcommand(new HitRateCommand(terminal))
            .addSubcommand(new ExplainCommand(terminal))
            .addSubcommand(new DevicesCommand(terminal))
            .addSubcommand(new SgTableCommand(terminal, System.in).commandLine())
            .addSubcommand(new BenchCommand(terminal));
    root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((fault, _) -> usage(terminal, fault))
        .setExecutionExceptionHandler((fault, _, _) -> Faults.report(terminal, fault));
    int code = execute(terminal, root, args);
    return terminal.out().checkError() ? Faults.outputLost(terminal) : code;
  }

  /** picocli hands over exceptions but lets errors through; running out of memory is one. */
  private static int execute(Terminal terminal, CommandLine root, String... args) {
    try {
      return root.execute(args);
    } catch (OutOfMemoryError
        | AssertionError
        | StackOverflowError
        | LinkageError
        | ServiceConfigurationError error) {
      return Faults.report(terminal, error);
    }
  }

  private static int usage(Terminal terminal, ParameterException fault) {
    String message = String.valueOf(fault.getMessage()).lines().findFirst().orElse("bad usage");
    String help = fault.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    terminal.fault(message + "; see " + help);
    return ExitCode.BAD_INPUT;
  }
}
