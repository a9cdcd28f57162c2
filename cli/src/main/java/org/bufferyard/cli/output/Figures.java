package org.bufferyard.cli.output;

import java.util.Locale;

/** Figures with their units, as a person reads them. */
public final class Figures {
  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

  /** {@code 1,234,567}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 192.0 MiB}. */
  public static String size(long sizeBytes) {
    double size = sizeBytes;
    int unit = 0;
    while (size >= 1024 && unit < SIZES.length - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, SIZES[unit]);
  }

  /** {@code 1.25 ms}. */
  public static String time(long nanos) {
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    }
    if (nanos < 1_000_000_000) {
      return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /** {@code 10.0 s}. */
  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.4f s" : "%.1f s", seconds);
  }

  private Figures() {}
}
