package org.bufferyard.benchmarks.suite;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bufferyard.benchmarks.baseline.CBaseline;
import org.bufferyard.benchmarks.paired.Race;
import org.bufferyard.benchmarks.paired.RaceResult;
import org.bufferyard.benchmarks.report.Goal;
import org.bufferyard.benchmarks.report.Row;

/** What a suite works with: memory, the C side where there is one, and the rows it fills. */
public final class Lab {
  private final Race.Effort effort;
  private final boolean quick;
  private final Arena arena;
  private final Optional<CBaseline> baseline;
  private final List<Row> rows = new ArrayList<>();
  private String suite = "";
  private String label = "";

  /** {@code arena} owns native memory and libraries; {@code quick} drops the middle cases. */
  public Lab(Race.Effort effort, boolean quick, Arena arena, Optional<CBaseline> baseline) {
    this.effort = effort;
    this.quick = quick;
    this.arena = arena;
    this.baseline = baseline;
  }

  public boolean quick() {
    return quick;
  }

  public Arena arena() {
    return arena;
  }

  Optional<CBaseline> baseline() {
    return baseline;
  }

  /** Runs a suite; returns its rows. */
  public List<Row> run(Suite of) {
    suite = of.name();
    rows.clear();
    of.run(this);
    return List.copyOf(rows);
  }

  /** A race about the case named. */
  Race race(String about) {
    label = about;
    return new Race(effort);
  }

  /** Reports a contender over another of the last race, where both ran. */
  void ratio(Goal goal, RaceResult result, String contender, String base) {
    ratio(goal, result, contender, base, "");
  }

  /** As above; {@code limit} names the contender that only reads or copies the input. */
  void ratio(Goal goal, RaceResult result, String contender, String base, String limit) {
    if (!result.has(contender) || !result.has(base)) {
      return;
    }
    RaceResult.Ratio ratio = result.ratio(contender, base);
    double fraction = result.has(limit) ? result.nanos(limit) / result.nanos(contender) : 0;
    rows.add(
        new Row(
            suite,
            goal,
            label,
            contender,
            base,
            result.nanos(contender),
            result.nanos(base),
            ratio.low(),
            ratio.median(),
            ratio.high(),
            result.bytes(contender),
            fraction));
  }

  /** Reports a figure that is no ratio, in the goal's unit. */
  void figure(Goal goal, String contender, double nanos, double figure, double bytes) {
    rows.add(
        new Row(suite, goal, label, contender, "", nanos, 0, figure, figure, figure, bytes, 0));
  }
}
