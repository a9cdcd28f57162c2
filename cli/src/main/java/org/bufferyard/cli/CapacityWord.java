package org.bufferyard.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.scenario.Quantity;

/** A capacity as typed: objects, bytes, or a share of the footprint. */
final class CapacityWord {
  static final long MAX = 1L << 56;

  private static final String SHARE = "[0-9]{1,3}(\\.[0-9]{1,9})?%";
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** The smallest capacity of a curve, where none is given, as part of the footprint. */
  private static final int CURVE_PART = 1_000;

  /** Refuses what no footprint makes a capacity. */
  static void check(String word, boolean bytes) throws BadInput {
    var _ = of(word, bytes, MAX);
  }

  /** What {@code word} means for a trace of that footprint, at least 1. */
  static long of(String word, boolean bytes, long footprint) throws BadInput {
    if (word.matches(SHARE)) {
      return share(word, footprint);
    }
    if (word.matches("[0-9]{1,18}")) {
      return positive(word, Long.parseLong(word), MAX);
    }
    if (bytes && word.matches("[0-9]+ ?[KMGT]?i?B")) {
      return switch (Quantity.sizeBytes(word, 1, MAX)) {
        case Outcome.Done<Long>(Long size) -> size;
        case Outcome.Refused<Long>(var refusal) ->
            throw new BadInput("--capacity " + refusal.reason());
      };
    }
    throw new BadInput(
        "--capacity '"
            + word
            + "': not a number of "
            + (bytes ? "bytes (1000, 64MiB)" : "objects (1000)")
            + " or a share (5%)");
  }

  private static long share(String word, long footprint) throws BadInput {
    BigDecimal percent = new BigDecimal(word.substring(0, word.length() - 1));
    if (percent.signum() == 0 || percent.compareTo(HUNDRED) > 0) {
      throw new BadInput("--capacity '" + word + "': not above 0% and up to 100%");
    }
    BigDecimal share =
        percent.multiply(BigDecimal.valueOf(footprint)).divide(HUNDRED, RoundingMode.DOWN);
    if (share.compareTo(BigDecimal.ONE) < 0) {
      throw new BadInput("--capacity '" + word + "': less than 1 of " + footprint);
    }
    return share.longValue();
  }

  private static long positive(String word, long capacity, long max) throws BadInput {
    if (capacity < 1 || capacity > max) {
      throw new BadInput("--capacity '" + word + "': not from 1 to " + max);
    }
    return capacity;
  }

  /**
   * {@code points} capacities or fewer at equal ratios, ascending: between the least and the
   * greatest given, else from a thousandth of the footprint to all of it.
   */
  static List<Long> range(List<Long> given, int points, long footprint) {
    long least = given.stream().min(Long::compare).orElse(Math.max(1, footprint / CURVE_PART));
    long most = given.size() > 1 ? given.stream().max(Long::compare).orElseThrow() : footprint;
    TreeSet<Long> range = new TreeSet<>(given);
    for (int point = 0; point < points; point++) {
      double part = (double) point / (points - 1);
      range.add(Math.round(least * Math.pow((double) most / least, part)));
    }
    return new ArrayList<>(range);
  }

  private CapacityWord() {}
}
