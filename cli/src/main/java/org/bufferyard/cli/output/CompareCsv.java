package org.bufferyard.cli.output;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Metric;

/** A comparison as CSV: a line for each run, a column for each metric. */
public final class CompareCsv {
  public static String of(Comparison comparison) {
    List<String> head = new ArrayList<>(List.of("vram", "policy", "seed"));
    head.addAll(Metric.labels());
    StringBuilder text = new StringBuilder(String.join(",", head)).append('\n');
    for (int size = 0; size < comparison.sizes().size(); size++) {
      for (int policy = 0; policy < comparison.policies().size(); policy++) {
        runs(comparison, size, policy, text);
      }
    }
    return text.toString();
  }

  private static void runs(Comparison comparison, int size, int policy, StringBuilder text) {
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
