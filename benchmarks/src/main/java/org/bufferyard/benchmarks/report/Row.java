package org.bufferyard.benchmarks.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One figure: a contender in a case, over what it was paired with.
 *
 * @param suite which benchmark
 * @param label the case
 * @param nanos median CPU time of an operation of the contender
 * @param baseNanos the same of {@code base}; zero where the figure is absolute
 * @param low first quartile of the figure over the rounds
 * @param figure median: a ratio, nanoseconds or a count, as the goal says
 * @param high third quartile
 * @param bytes allocated per operation
 * @param limitFraction how near the contender came to reading or copying its input, 0 unknown
 */
public record Row(
    String suite,
    Goal goal,
    String label,
    String contender,
    String base,
    double nanos,
    double baseNanos,
    double low,
    double figure,
    double high,
    double bytes,
    double limitFraction) {

  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":(?:\"([^\"]*)\"|([-\\d.E]+))");

  /** One JSON object on one line. */
  public String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"suite\":\"%s\",\"goal\":\"%s\",\"case\":\"%s\",\"contender\":\"%s\",\"base\":\"%s\","
            + "\"nanos\":%.4f,\"baseNanos\":%.4f,\"low\":%.5f,\"figure\":%.5f,\"high\":%.5f,"
            + "\"bytesPerOp\":%.3f,\"limitFraction\":%.4f}",
        suite,
        goal,
        label,
        contender,
        base,
        nanos,
        baseNanos,
        low,
        figure,
        high,
        bytes,
        limitFraction);
  }

  /** Reads what {@link #toJson} wrote. */
  static Row parse(String line) {
    java.util.Map<String, String> fields = new java.util.LinkedHashMap<>();
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
    }
    return new Row(
        text(fields, "suite"),
        Goal.valueOf(text(fields, "goal")),
        text(fields, "case"),
        text(fields, "contender"),
        text(fields, "base"),
        number(fields, "nanos"),
        number(fields, "baseNanos"),
        number(fields, "low"),
        number(fields, "figure"),
        number(fields, "high"),
        number(fields, "bytesPerOp"),
        number(fields, "limitFraction"));
  }

  private static String text(java.util.Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no field " + name + " in " + fields);
    }
    return value;
  }

  private static double number(java.util.Map<String, String> fields, String name) {
    return Double.parseDouble(text(fields, name));
  }
}
