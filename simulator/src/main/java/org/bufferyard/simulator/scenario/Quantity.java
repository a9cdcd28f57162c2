package org.bufferyard.simulator.scenario;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.Pages;

/**
 * Whole numbers with a unit, as people type them: sizes in {@code B KiB MiB GiB}, times in {@code
 * ns us ms s}. A refusal names the value and what is legal, on one line.
 */
public final class Quantity {
  private record Unit(String name, long factor) {}

  private static final Pattern FORM = Pattern.compile("([0-9]{1,19})\\s*([A-Za-z]{1,3})");
  private static final Pattern PERCENTAGE = Pattern.compile("([0-9]{1,4})\\s*%");
  private static final List<Unit> SIZES =
      List.of(
          new Unit("B", 1),
          new Unit("KiB", 1L << 10),
          new Unit("MiB", 1L << 20),
          new Unit("GiB", 1L << 30));
  private static final List<Unit> TIMES =
      List.of(
          new Unit("ns", 1),
          new Unit("us", 1_000),
          new Unit("ms", 1_000_000),
          new Unit("s", 1_000_000_000));

  /** Bytes, {@code minBytes} to {@code maxBytes}. */
  public static Outcome<Long> sizeBytes(String text, long minBytes, long maxBytes) {
    return parse(text, SIZES, "a size", minBytes, maxBytes);
  }

  /** Model time, {@code minNanos} to {@code maxNanos}. */
  public static Outcome<Long> timeNanos(String text, long minNanos, long maxNanos) {
    return parse(text, TIMES, "a time", minNanos, maxNanos);
  }

  /**
   * Whole pages: a size that is a multiple of 4 KiB, or a percentage of {@code footprintBytes},
   * rounded up.
   */
  static Outcome<Long> regionBytes(String text, long footprintBytes, long maxBytes) {
    Matcher percentage = PERCENTAGE.matcher(text.strip());
    if (percentage.matches()) {
      int percent = Integer.parseInt(percentage.group(1));
      double sizeBytes = (double) footprintBytes * percent / 100;
      boolean legal = percent > 0 && sizeBytes <= maxBytes;
      return legal
          ? Outcome.done(Pages.toBytes(Math.max(1, Pages.ofBytes((long) Math.ceil(sizeBytes)))))
          : notLegal(
              text,
              "1 % to 9999 % of the workload's "
                  + footprintBytes
                  + " bytes, at most "
                  + maxBytes
                  + " bytes");
    }
    Outcome<Long> size = sizeBytes(text, Pages.SIZE_BYTES, maxBytes);
    boolean broken =
        size instanceof Outcome.Done<Long>(Long value) && (value & Pages.OFFSET_MASK) != 0;
    return broken ? notLegal(text, "a multiple of 4 KiB") : size;
  }

  private static Outcome<Long> notLegal(String text, String legal) {
    return Outcome.refused(
        Errno.EINVAL, ScenarioFault.echo(text) + " is not legal; legal: " + legal);
  }

  private static Outcome<Long> parse(
      String text, List<Unit> units, String what, long min, long max) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      for (Unit unit : units) {
        if (unit.name().equals(matcher.group(2))) {
          return inRange(text, units, what, scaled(matcher.group(1), unit), min, max);
        }
      }
    }
    return refused(text, units, what, min, max);
  }

  /** Negative where the product does not fit. */
  private static long scaled(String digits, Unit unit) {
    try {
      return Math.multiplyExact(Long.parseLong(digits), unit.factor());
    } catch (ArithmeticException | NumberFormatException overflow) {
      return -1;
    }
  }

  private static Outcome<Long> inRange(
      String text, List<Unit> units, String what, long value, long min, long max) {
    return value < min || value > max ? refused(text, units, what, min, max) : Outcome.done(value);
  }

  private static Outcome<Long> refused(
      String text, List<Unit> units, String what, long min, long max) {
    String names = String.join(" ", units.stream().map(Unit::name).toList());
    String range = format(min, units) + " to " + format(max, units);
    return Outcome.refused(
        Errno.EINVAL,
        ScenarioFault.echo(text)
            + " is not "
            + what
            + " of "
            + range
            + " (a whole number and one of "
            + names
            + ")");
  }

  /** In the largest unit that divides the value. */
  private static String format(long value, List<Unit> units) {
    for (int i = units.size() - 1; i > 0; i--) {
      if (value != 0 && value % units.get(i).factor() == 0) {
        return value / units.get(i).factor() + " " + units.get(i).name();
      }
    }
    return value + " " + units.getFirst().name();
  }

  private Quantity() {}
}
