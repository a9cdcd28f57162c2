package org.bufferyard.cli.output;

import static org.bufferyard.cli.output.Figures.count;
import static org.bufferyard.cli.output.Figures.seconds;
import static org.bufferyard.cli.output.Figures.size;
import static org.bufferyard.cli.output.Figures.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.RunResult;

/** What a run has shown, as a table a person understands at a glance. */
public final class Summary {
  private static final String MARGIN = "  ";
  private static final int BAR_CHARS = 20;

  private final RunResult run;
  private final StringBuilder text = new StringBuilder();

  private Summary(RunResult run) {
    this.run = run;
  }

  public static String of(String description, RunResult run) {
    Summary summary = new Summary(run);
    summary.head(description);
    summary.requests();
    summary.regions();
    summary.moves();
    summary.choosing();
    CauseTables.of(run).forEach(summary::table);
    summary.regret();
    summary.stalls();
    summary.use();
    summary.verdict();
    return summary.text.toString();
  }

  private void head(String description) {
    text.append(run.scenario())
        .append(description.isEmpty() ? "" : ": " + description)
        .append('\n');
    line(
        "policy %s, seed %s, %s, contents %s; %s devices, %s buffers; %s of model time in %s"
            .formatted(
                run.policy(),
                run.seed(),
                run.mode().equals("deterministic") ? "deterministic" : "on real dispatchers",
                run.contents(),
                count(run.devices()),
                count(run.buffers()),
                seconds(run.virtualSeconds()),
                seconds(run.wallSeconds())));
  }

  private void requests() {
    List<String> kinds = new ArrayList<>(List.of("requests"));
    List<String> counts = new ArrayList<>(List.of(""));
    RunJson.requests(run)
        .forEach(
            (kind, number) -> {
              kinds.add(kind);
              counts.add(count(number));
            });
    table(List.of(kinds, counts));
    List<String> refused = new ArrayList<>();
    run.refused().forEach((errno, number) -> refused.add(errno + " " + count(number)));
    line(
        "replies %s, refused %s; jobs %s, refused %s"
            .formatted(
                count(run.replies()),
                refused.isEmpty() ? "0" : String.join(" ", refused),
                count(run.jobs()),
                count(run.jobsRefused())));
  }

  private void regions() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("region", "capacity", "peak", "mean", ""));
    run.residency()
        .forEach(
            (region, bytes) ->
                rows.add(
                    List.of(
                        region,
                        size(bytes.capacityBytes()),
                        size(bytes.peakBytes()),
                        size(bytes.meanBytes()),
                        bar(bytes.meanBytes(), bytes.capacityBytes()))));
    table(rows);
  }

  private static String bar(long part, long whole) {
    double share = whole > 0 ? Math.clamp((double) part / whole, 0, 1) : 0;
    int filled = (int) Math.round(share * BAR_CHARS);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f %%",
        "#".repeat(filled),
        ".".repeat(BAR_CHARS - filled),
        share * 100);
  }

  private void moves() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("link", "moved"));
    run.bytesMoved().forEach((link, bytes) -> rows.add(List.of(link, size(bytes))));
    table(rows);
    line(
        "evictions %s, migrations %s, re-faults %s, ping-pongs %s"
            .formatted(
                count(run.evictions()),
                count(run.migrations()),
                count(run.refaults()),
                count(run.pingPongs())));
  }

  /** A region that never wanted a victim says nothing of its policy. */
  private void choosing() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(run.policy() + " chose", "demands", "victims", "scanned/victim", "updates/victim"));
    run.choosing()
        .forEach(
            (region, steps) -> {
              if (steps.demands() > 0) {
                rows.add(
                    List.of(
                        region,
                        count(steps.demands()),
                        count(steps.victims()),
                        String.format(Locale.ROOT, "%.2f", steps.scannedPerVictim()),
                        String.format(Locale.ROOT, "%.1f", steps.updatesPerVictim())));
              }
            });
    if (rows.size() > 1) {
      table(rows);
    }
  }

  private void regret() {
    Findings.Regret regret = run.findings().measures().regret();
    if (regret != null) {
      line(
          String.format(
              Locale.ROOT,
              "regret %.3f: %s fetched or used from afar in %s accesses, %s %s",
              regret.factor(),
              size(regret.costBytes()),
              count(regret.accesses()),
              regret.exact() ? "the optimum is" : "no schedule needs less than",
              size(Math.round(regret.boundBytes()))));
    }
  }

  private void stalls() {
    RunResult.Stalls stalls = run.stalls();
    table(
        List.of(
            List.of("stall", "p50", "p99", "p99.9", "max"),
            List.of(
                "",
                time(stalls.p50Nanos()),
                time(stalls.p99Nanos()),
                time(stalls.p999Nanos()),
                time(stalls.maxNanos()))));
  }

  private void use() {
    if (UseTables.worthShowing(run)) {
      table(UseTables.devices(run));
    }
    if (!run.sides().isEmpty()) {
      table(UseTables.sides(run));
    }
  }

  private void verdict() {
    text.append('\n');
    line(
        "events   %s, %s per second%s"
            .formatted(
                count(run.events()),
                count(Math.round(run.eventsPerSecond())),
                run.eventHash() == null ? "" : ", hash " + run.eventHash()));
    line(
        "checked  %s pages verified against what was last written there"
            .formatted(count(run.verifiedPages())));
    run.notes().forEach(note -> line("note     %s".formatted(note)));
    if (run.violations().isEmpty()) {
      line("clean    0 violations; all memory returned");
    } else {
      violation(run.violations().getFirst());
    }
    line(
        "%s %s"
            .formatted(
                run.mode().equals("deterministic") ? "replay  " : "again, deterministically: ",
                run.replay()));
  }

  private void violation(RunResult.Violation first) {
    line(
        "VIOLATED %s violations; the first, at %s:"
            .formatted(count(run.violations().size()), seconds(first.atSeconds())));
    line("  %s, buffer %s: %s".formatted(first.rule(), first.buffer(), first.text()));
    first.history().forEach(message -> line("    %s".formatted(message)));
  }

  private void table(List<List<String>> rows) {
    text.append('\n').append(TextTable.figures(rows, MARGIN));
  }

  private void line(String line) {
    text.append(MARGIN).append(line).append('\n');
  }
}
