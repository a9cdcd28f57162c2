package org.bufferyard.benchmarks.paired;

import java.util.Arrays;
import java.util.List;

/** What the rounds of a race gave: CPU time and bytes allocated by operation and contender. */
public final class RaceResult {
  /** A ratio's median over the rounds with its quartiles. */
  public record Ratio(double low, double median, double high) {}

  private final List<String> names;
  private final double[][] nanos;
  private final double[] bytes;
  private final long hash;

  RaceResult(List<String> names, double[][] nanos, double[] bytes, long hash) {
    this.names = names;
    this.nanos = nanos;
    this.bytes = bytes;
    this.hash = hash;
  }

  /** Median CPU time of an operation. */
  public double nanos(String name) {
    return quantile(nanos[index(name)], 0.5);
  }

  /** Least bytes per operation of any round: what compilers charge to a round is left out. */
  public double bytes(String name) {
    return bytes[index(name)];
  }

  /** How long {@code name} takes over {@code base}, round by round. */
  public Ratio ratio(String name, String base) {
    double[] over = nanos[index(name)];
    double[] under = nanos[index(base)];
    double[] ratios = new double[over.length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = over[round] / under[round];
    }
    return new Ratio(quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75));
  }

  /** Of everything every contender returned. */
  public long hash() {
    return hash;
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  private int index(String name) {
    int at = names.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException("no contender " + name + " in " + names);
    }
    return at;
  }

  private static double quantile(double[] values, double at) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(at * (sorted.length - 1))];
  }
}
