package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Metric;
import org.bufferyard.simulator.compare.Verdict;

/** A comparison as ranked tables, one for each size of VRAM. */
public final class CompareTable {
  private static final String MARGIN = "  ";

  /** What fits a line; all metrics are in the JSON and on the page. */
  private static final List<Metric> SHOWN =
      List.of(
          Metric.STALL_P99,
          Metric.STALL_P999,
          Metric.MOVED,
          Metric.REFAULTED,
          Metric.REFUSED,
          Metric.SLOWDOWN,
          Metric.FAIRNESS,
          Metric.SLOWDOWN_ALONE,
          Metric.REGRET);

  private final Outlook outlook;
  private final Comparison comparison;
  private final StringBuilder text = new StringBuilder();

  private CompareTable(Outlook outlook) {
    this.outlook = outlook;
    this.comparison = outlook.comparison();
  }

  public static String of(Outlook outlook) {
    CompareTable table = new CompareTable(outlook);
    table.head();
    for (int size = 0; size < table.comparison.sizes().size(); size++) {
      table.ranked(size);
    }
    table.foot();
    return table.text.toString();
  }

  private void head() {
    text.append(outlook.description()).append('\n');
    int seeds = comparison.seeds().size();
    line(
        "%d policies on the same %s, %d runs in %s"
            .formatted(
                comparison.policies().size(),
                seeds == 1 ? "seed" : seeds + " seeds",
                comparison.runs().size(),
                Figures.seconds(outlook.wallSeconds())));
  }

  private void ranked(int size) {
    List<Metric> metrics = metrics(size);
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(List.of(outlook.region() + " " + comparison.sizes().get(size)));
    metrics.forEach(metric -> head.add(metric.title() + "  "));
    rows.add(head);
    for (int policy : comparison.ranked(outlook.metric(), size)) {
      List<String> row = new ArrayList<>(List.of(comparison.policies().get(policy)));
      for (Metric metric : metrics) {
        row.add(cell(metric, size, policy));
      }
      rows.add(row);
    }
    text.append('\n').append(TextTable.figures(rows, MARGIN));
  }

  /** The one ranked by first; what is nought for all policies is left out. */
  private List<Metric> metrics(int size) {
    Set<Metric> metrics = new LinkedHashSet<>(List.of(outlook.metric()));
    for (Metric metric : SHOWN) {
      boolean says = false;
      for (int policy = 0; policy < comparison.policies().size(); policy++) {
        double mean = comparison.interval(metric, size, policy).mean();
        says |= !Double.isNaN(mean) && mean != 0;
      }
      if (says) {
        metrics.add(metric);
      }
    }
    return List.copyOf(metrics);
  }

  private String cell(Metric metric, int size, int policy) {
    Verdict verdict = comparison.verdict(metric, size, policy, outlook.against());
    String mark = policy == outlook.against() ? " " : verdict.mark();
    return MetricText.of(metric, comparison.interval(metric, size, policy)) + " " + mark;
  }

  private void foot() {
    text.append('\n');
    line("ranked by " + outlook.metric().title() + ": " + outlook.metric().meaning());
    if (comparison.seeds().size() == 1) {
      line("one seed: no interval and no verdict is possible; six seeds are the least");
    } else {
      line("mean over the seeds, ~ half of its 95 % interval");
      line(
          "against %s on the same seeds: + better, - worse, = no difference, ? too few seeds to tell"
              .formatted(outlook.againstName()));
    }
    if (comparison.has(Metric.SLOWDOWN)) {
      line(
          "slowdown and fairness: against the same run with "
              + outlook.region()
              + " for everything");
    }
    if (comparison.has(Metric.SLOWDOWN_ALONE)) {
      line(
          "vs alone: against each client by itself under "
              + outlook.againstName()
              + ", where its jobs are the same");
    }
    if (comparison.has(Metric.REGRET)) {
      line("regret: no run is below the least that its own accesses need");
    }
    line(
        comparison.violations() == 0
            ? "clean: 0 violations in all runs"
            : "VIOLATED: %d violations; the figures mean nothing"
                .formatted(comparison.violations()));
  }

  private void line(String line) {
    text.append(MARGIN).append(line).append('\n');
  }
}
