package org.bufferyard.cli.output;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Metric;

/** A comparison as CSV: a line for each run, a column for each metric and link. */
public final class CompareCsv {
  public static String of(Comparison comparison) {
    List<String> head = new ArrayList<>(List.of("vram", "policy", "seed"));
    head.addAll(Metric.labels());
    List<String> links = links(comparison);
    links.forEach(link -> head.add(CsvText.quoted("moved " + link)));
    StringBuilder text = new StringBuilder(String.join(",", head)).append('\n');
    for (int size = 0; size < comparison.sizes().size(); size++) {
      for (int policy = 0; policy < comparison.policies().size(); policy++) {
        runs(comparison, size, policy, links, text);
      }
    }
    return text.toString();
  }

  /** All that some run has used. */
  private static List<String> links(Comparison comparison) {
    return comparison.runs().stream()
        .flatMap(run -> run.bytesMoved().keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static void runs(
      Comparison comparison, int size, int policy, List<String> links, StringBuilder text) {
    List<double[]> columns = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      columns.add(comparison.values(metric, size, policy));
    }
    for (int seed = 0; seed < comparison.seeds().size(); seed++) {
      List<String> cells = new ArrayList<>();
      cells.add(CsvText.quoted(comparison.sizes().get(size)));
      cells.add(CsvText.quoted(comparison.policies().get(policy)));
      cells.add(comparison.seeds().get(seed).toString());
      for (double[] column : columns) {
        cells.add(number(column[seed]));
      }
      Map<String, Long> moved = comparison.run(size, seed, policy).bytesMoved();
      links.forEach(link -> cells.add(String.valueOf(moved.getOrDefault(link, 0L))));
      text.append(String.join(",", cells)).append('\n');
    }
  }

  /** Empty where there is none. */
  private static String number(double value) {
    return Double.isNaN(value)
        ? ""
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  private CompareCsv() {}
}
