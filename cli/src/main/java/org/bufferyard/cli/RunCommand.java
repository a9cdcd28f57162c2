package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bufferyard.cli.output.CauseTables;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.cli.output.RunJson;
import org.bufferyard.cli.output.Summary;
import org.bufferyard.cli.report.HtmlReport;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.RunResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a scenario or a trace and shows what happened. */
@Command(
    name = "run",
    description = "Runs a scenario, or a recorded trace, and shows the result.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Sizes are whole numbers of B, KiB, MiB or GiB, times of ns, us, ms or s.",
      "Exit codes: 0 finished and clean, 1 an invariant was violated, 2 bad usage or input."
    })
final class RunCommand implements Callable<Integer> {
  private static final String REPORT = "report.html";

  static final String BOUND_BROKEN = "bound: fewer bytes were fetched than any schedule needs";

  private final Terminal terminal;
  private final Runner runner;

  @Mixin private final RunOptions options = new RunOptions();

  @Spec private @Nullable CommandSpec spec;

  RunCommand(Terminal terminal, Runner runner) {
    this.terminal = terminal;
    this.runner = runner;
  }

  @Override
  public Integer call() throws BadInput {
    Resume resume = Resume.of(options.resume, spec);
    RunPlan plan =
        resume == null
            ? new PlanReader(options, terminal.command())
                .read()
                .watched(options.watching())
                .sampled(options.sampling())
            : resume.plan(terminal.command());
    OutputFile report = report(options.report);
    OutputFile json = output("--json", options.json);
    OutputFile evictions = output("--evictions", options.evictions);
    DumpOption dump = DumpOption.of(options.dumpAt);
    RunResult result = run(dump == null ? plan : plan.dumped(dump.at()), resume);
    terminal.out().print(Summary.of(plan.description(), result));
    if (resume != null) {
      terminal.out().println("  resumed  " + resume.told());
    }
    if (json != null) {
      json.write(RunJson.of(result));
    }
    if (evictions != null) {
      evictions.write(CauseTables.csv(result));
    }
    if (report != null) {
      report.write(HtmlReport.of(plan.description(), result));
    }
    if (dump != null) {
      dump.write(result.virtualSeconds());
    }
    Findings.Regret regret = result.findings().measures().regret();
    if (regret != null && regret.violated()) {
      terminal.fault(BOUND_BROKEN + "; replay: " + result.replay() + " --regret");
      return ExitCode.VIOLATED;
    }
    return result.violations().isEmpty() ? ExitCode.CLEAN : ExitCode.VIOLATED;
  }

  private RunResult run(RunPlan plan, @Nullable Resume resume) throws BadInput {
    try (ProgressLine progress = new ProgressLine(terminal)) {
      RunResult result = runner.run(plan, progress);
      if (result == null || (resume != null && !resume.verified())) {
        throw new BadInput(resume == null ? "the run was ended" : resume.fault());
      }
      return result;
    }
  }

  private static @Nullable OutputFile output(String option, @Nullable Path file) throws BadInput {
    return file == null ? null : OutputFile.open(option, file);
  }

  private static @Nullable OutputFile report(@Nullable Path folder) throws BadInput {
    return folder == null ? null : OutputFile.openIn("--report", folder, REPORT);
  }
}
