package org.bufferyard.cli.report;

import org.bufferyard.cli.output.HitRateChart;

/** Miss ratios of policies over capacities as one {@link Page}. */
public final class CurvePage {
  public static String of(HitRateChart chart) {
    return Page.of("curve.html", "curve.js", chart.figures());
  }

  private CurvePage() {}
}
