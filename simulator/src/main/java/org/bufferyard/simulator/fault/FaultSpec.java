package org.bufferyard.simulator.fault;

import java.util.List;

/**
 * One fault to inject.
 *
 * @param permille how probable it is on an occasion, of 1,000
 * @param interval only every so many occasions are considered; 1 for all
 * @param count most times that it happens
 * @param scope the name of whom it happens to; empty for everybody
 * @param timeNanos how late or slow, where that applies
 */
public record FaultSpec(
    FaultKind kind, int permille, long interval, long count, String scope, long timeNanos) {
  /** The keys after {@code --fault NAME:} and in a scenario's section. */
  public static final List<String> KEYS =
      List.of("probability", "interval", "count", "scope", "time");

  /** As often as the catalogue says. */
  public static FaultSpec usual(FaultKind kind) {
    return new FaultSpec(kind, kind.percent() * 10, 1, Long.MAX_VALUE, "", kind.timeNanos());
  }

  public FaultSpec withPermille(int other) {
    return new FaultSpec(kind, other, interval, count, scope, timeNanos);
  }

  boolean covers(String name) {
    return scope.isEmpty() || scope.equals(name);
  }

  /** As it is typed after {@code --fault}; reads back equal. */
  @Override
  public String toString() {
    FaultSpec usual = usual(kind);
    StringBuilder text = new StringBuilder();
    add(text, permille != usual.permille, "probability=" + percent(permille));
    add(text, interval != 1, "interval=" + interval);
    add(text, count != Long.MAX_VALUE, "count=" + count);
    add(text, !scope.isEmpty(), "scope=" + scope);
    add(text, timeNanos != usual.timeNanos, "time=" + timeNanos + "ns");
    return kind.label() + (text.isEmpty() ? "" : ":" + text);
  }

  private static String percent(int permille) {
    return permille % 10 == 0 ? permille / 10 + "%" : permille / 10 + "." + permille % 10 + "%";
  }

  private static void add(StringBuilder text, boolean told, String pair) {
    if (told) {
      text.append(text.isEmpty() ? "" : ",").append(pair);
    }
  }
}
