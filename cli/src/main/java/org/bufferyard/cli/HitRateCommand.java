package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bufferyard.cli.output.HitRateRow;
import org.bufferyard.cli.output.HitRateTable;
import org.bufferyard.cli.output.OutputFile;
import org.bufferyard.cli.report.CurvePage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Replays a trace of requests through eviction policies and counts the misses. */
@Command(
    name = "hitrate",
    description = "Counts the misses of eviction policies on a trace of requests.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Traces may be compressed with gzip, xz or zstd. A capacity is a number of objects (bytes with",
      "--bytes, also as in 64MiB), or a share of the trace's footprint, as in 5%.",
      "Exit codes: 0 done, 2 bad usage or input."
    })
final class HitRateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--trace",
      required = true,
      paramLabel = "FILE",
      description = "The trace of requests.")
  private Path trace = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "F",
      description =
          "lirs, address, cache2k, corda, adapt-size, mooncake, oracle-general, csv, rmv or"
              + " minimalloc. Default: recognised.")
  private @Nullable String format;

  @Option(names = "--capacity", paramLabel = "C", split = ",", description = "One or several.")
  private List<String> capacities = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "P",
      split = ",",
      description = "One or several by name, or all.")
  private List<String> policies = new ArrayList<>();

  @Option(names = "--bytes", description = "Capacities are bytes; misses are counted all the same.")
  private boolean bytes;

  @Option(names = "--csv", description = "Print CSV.")
  private boolean csv;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--chart", paramLabel = "FILE.html", description = "Write a page with a chart.")
  private @Nullable Path chart;

  @Option(
      names = "--curve",
      arity = "0..1",
      fallbackValue = "25",
      paramLabel = "POINTS",
      description =
          "Miss-ratio curves over that many capacities (default 25), from 0.1 % of the footprint to"
              + " all of it or between the --capacity given; of all policies unless some are named;"
              + " to --chart, or curve.html.")
  private @Nullable String curve;

  @Option(
      names = "--bound",
      description = "Add the flow lower bound, which no policy beats, of traces up to a size.")
  private boolean bound;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description = "Of the policies that draw. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Replays at once. Default: the cores given.")
  private @Nullable String threads;

  HitRateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws BadInput {
    if (csv && json) {
      throw new BadInput("--csv and --json exclude each other");
    }
    HitRateRequest request =
        HitRateRequest.of(trace, format, capacities, policies, bytes, curve, bound, seed, threads);
    OutputFile page = page();
    HitRateRequest.Answer answer;
    try (ProgressLine progress = new ProgressLine(terminal)) {
      answer = request.answer(progress::show);
    }
    if (page != null) {
      page.write(CurvePage.of(answer.chart()));
    }
    print(answer);
    return ExitCode.CLEAN;
  }

  private @Nullable OutputFile page() throws BadInput {
    if (chart != null) {
      return OutputFile.open("--chart", chart);
    }
    return curve == null ? null : OutputFile.open("--curve", Path.of("curve.html"));
  }

  private void print(HitRateRequest.Answer answer) {
    List<HitRateRow> rows = answer.rows();
    if (csv) {
      terminal.out().print(HitRateTable.csv(rows));
    } else if (json) {
      terminal.out().print(HitRateTable.json(rows));
    } else {
      terminal.out().print(HitRateTable.text(answer.description(), rows));
      if (curve != null) {
        String where = chart == null ? "curve.html" : Terminal.oneLine(chart.toString());
        terminal.out().println("curves in " + where);
      }
    }
  }
}
