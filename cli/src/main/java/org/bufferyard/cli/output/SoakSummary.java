package org.bufferyard.cli.output;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.actors.sanitizer.Coverage;
import org.bufferyard.simulator.fault.FaultKind;
import org.bufferyard.simulator.soak.SoakTotals;

/** What a soak came to, for a terminal. */
public final class SoakSummary {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MISSING_SHOWN = 12;

  public static String of(SoakTotals totals, long wallNanos, long cpuNanos) {
    double wall = Math.max(1, wallNanos) / NANOS_PER_SECOND;
    double cpu = Math.max(1, cpuNanos) / NANOS_PER_SECOND;
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "seeds     %,d, %,.0f a second%n"
                + "events    %,d, %,.0f a second, %,.0f a second of CPU time%n"
                + "histories %,d operations of buffers in an order, %,d histories not decided; %,d worlds compared with others%n"
                + "faults    %,d%s%n"
                + "states    %,d of buffers, with %,d kinds of message in them, %,d pairs of kinds%n"
                + "table     %d of %d cells of the protocol's table%s%n"
                + "unseen    %.2g: how likely one more seed reaches what none has (%d by one seed)%n",
            totals.seeds(),
            totals.seeds() / wall,
            totals.events(),
            totals.events() / wall,
            totals.events() / cpu,
            totals.operations(),
            totals.undecided(),
            totals.related(),
            totals.faultCount(),
            faults(totals.faults()),
            totals.states(),
            totals.edges(),
            totals.pairs(),
            totals.cells(),
            Coverage.cellsReachable(),
            missing(totals.missing()),
            totals.unseen(),
            totals.singletons()));
    return text.toString();
  }

  private static String faults(Map<FaultKind, Long> faults) {
    StringBuilder text = new StringBuilder();
    faults.forEach(
        (kind, count) ->
            text.append(text.isEmpty() ? ": " : ", ")
                .append(kind.label())
                .append(' ')
                .append(count));
    return text.toString();
  }

  private static String missing(List<String> missing) {
    if (missing.isEmpty()) {
      return "";
    }
    List<String> shown = missing.subList(0, Math.min(MISSING_SHOWN, missing.size()));
    return "; never: "
        + String.join(", ", shown)
        + (missing.size() > MISSING_SHOWN ? " and " + (missing.size() - MISSING_SHOWN) : "");
  }

  private SoakSummary() {}
}
