package org.bufferyard.cli;

import java.util.concurrent.Callable;
import org.bufferyard.cli.output.CompareCsv;
import org.bufferyard.cli.output.CompareJson;
import org.bufferyard.cli.output.CompareTable;
import org.bufferyard.cli.output.Outlook;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.cli.report.ComparePage;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.result.RunResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs several policies on the same workloads and judges them. */
@Command(
    name = "compare",
    description =
        "Runs eviction policies on the same workloads and seeds, and judges them in pairs.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Metrics: stall-p50, stall-p99, stall-p999, stall-max, moved, refaulted, evictions, ping-pong,",
      "useless, refused, refused-feasible, protection, slowdown, fairness, slowdown-alone, regret,",
      "scanned, steps, fast-share, use-residency, fragmentation, recovery.",
      "Six seeds are the least for a verdict.",
      "Exit codes: 0 done and clean, 1 an invariant was violated, 2 bad usage or input."
    })
final class CompareCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final CompareOptions options = new CompareOptions();

  CompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    CompareRequest request = CompareRequest.of(options, terminal.command());
    OutputFile page =
        options.report == null
            ? null
            : OutputFile.openIn("--report", options.report, "compare.html");
    OutputFile json = options.json == null ? null : OutputFile.open("--json", options.json);
    long startNanos = System.nanoTime();
    Comparison comparison = perform(request);
    Outlook outlook =
        new Outlook(
            request.description(),
            comparison,
            options.region,
            request.metric(),
            request.against(),
            (System.nanoTime() - startNanos) / 1e9);
    terminal.out().print(options.csv ? CompareCsv.of(comparison) : CompareTable.of(outlook));
    if (json != null) {
      json.write(CompareJson.of(outlook));
    }
    if (page != null) {
      page.write(ComparePage.of(outlook));
    }
    return judge(comparison);
  }

  private Comparison perform(CompareRequest request) {
    try (ProgressLine progress = new ProgressLine(terminal);
        WorkerPool workers = new WorkerPool(request.threads())) {
      return request
          .experiment()
          .perform(workers, (done, of) -> progress.show("of " + of + " runs", done, of));
    }
  }

  /** Figures of a run that broke a rule mean nothing: the run that shows it is named. */
  private int judge(Comparison comparison) {
    for (RunResult run : comparison.runs()) {
      if (!run.violations().isEmpty()) {
        RunResult.Violation first = run.violations().getFirst();
        terminal.fault(first.rule() + ": " + first.text() + "; replay: " + run.replay());
        return ExitCode.VIOLATED;
      }
    }
    RunResult below = comparison.belowBound();
    if (below != null) {
      terminal.fault(RunCommand.BOUND_BROKEN + "; replay: " + below.replay() + " --regret");
      return ExitCode.VIOLATED;
    }
    return ExitCode.CLEAN;
  }
}
