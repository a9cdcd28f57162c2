package org.bufferyard.actors.sanitizer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The findings of one run, with the step and the time they were made at. */
final class Findings {
  /** The first ones tell; the others are counted. */
  static final int KEPT_MAX = 32;

  private final List<Finding> kept = new ArrayList<>();
  private final Map<Rule, Long> counts = new EnumMap<>(Rule.class);
  private final Set<Rule> off;
  private final LongSupplier clock;
  long step;
  private long failures;
  private Consumer<Finding> listener = finding -> {};

  /** Findings of every rule but those that are off, as a test of the rules may have it. */
  Findings(Set<Rule> off, LongSupplier clock) {
    this.off = off.isEmpty() ? EnumSet.noneOf(Rule.class) : EnumSet.copyOf(off);
    this.clock = clock;
  }

  /** Hears of the first findings as they are made. */
  void heardBy(Consumer<Finding> other) {
    listener = other;
  }

  long now() {
    return clock.getAsLong();
  }

  void add(Rule rule, @Nullable ShadowBuffer buffer, String text) {
    add(rule, buffer, null, -1, text);
  }

  void add(
      Rule rule,
      @Nullable ShadowBuffer buffer,
      @Nullable MappingRecord record,
      long page,
      String text) {
    if (off.contains(rule)) {
      return;
    }
    counts.merge(rule, 1L, Long::sum);
    failures += rule.severity() == Rule.Severity.WARN ? 0 : 1;
    if (kept.size() < KEPT_MAX) {
      kept.add(
          new Finding(
              rule,
              now(),
              step,
              record == null ? "" : record.deviceName(),
              buffer == null ? "" : buffer.id.toString(),
              page,
              text,
              record == null ? "" : record.site(),
              buffer == null ? List.of() : buffer.history.lines()));
      listener.accept(kept.getLast());
    }
  }

  /** A rule that fails the run at once does not hold. */
  boolean failed() {
    return failures > 0;
  }

  List<Finding> kept() {
    return List.copyOf(kept);
  }

  /** By rule, in order. */
  Map<Rule, Long> counts() {
    return new TreeMap<>(counts);
  }
}
