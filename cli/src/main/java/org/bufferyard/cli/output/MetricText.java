package org.bufferyard.cli.output;

import java.util.Locale;
import org.bufferyard.simulator.compare.Interval;
import org.bufferyard.simulator.compare.Metric;

/** Figures of a {@link Metric} as a person reads them. */
final class MetricText {
  static String of(Metric metric, double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return switch (metric.unit()) {
      case NANOS -> Figures.time(Math.round(value));
      case BYTES -> Figures.size(Math.round(value));
      case COUNT -> String.format(Locale.ROOT, "%,.1f", value);
      case SHARE -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
      case FACTOR -> String.format(Locale.ROOT, "%.3f", value);
    };
  }

  /** The mean, and half of its interval in percent of it where there is one. */
  static String of(Metric metric, Interval interval) {
    String mean = of(metric, interval.mean());
    double half = interval.halfWidth();
    if (Double.isNaN(half) || interval.mean() == 0) {
      return mean;
    }
    return String.format(Locale.ROOT, "%s ~%.0f%%", mean, 100 * half / Math.abs(interval.mean()));
  }

  private MetricText() {}
}
