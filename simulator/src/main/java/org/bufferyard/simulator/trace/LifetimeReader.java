package org.bufferyard.simulator.trace;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Births and deaths of a lifetime table in order of time; at equal times deaths come first, for
 * lifetimes are half-open. A unit of the table's time is one millisecond, or less where the whole
 * would take more than {@link #RUN_NANOS}.
 */
final class LifetimeReader implements EventReader {
  static final long RUN_NANOS = 5_000_000_000L;
  private static final long UNIT_NANOS_MAX = 1_000_000;

  private record Indexed(int index, LifetimeTable.Row row) {}

  private final List<Indexed> births;
  private final List<Indexed> deaths;
  private final long startTime;
  private final long unitNanos;
  private int born;
  private int died;
  private boolean ended;

  LifetimeReader(List<LifetimeTable.Row> rows) {
    List<LifetimeTable.Row> sorted =
        rows.stream().sorted(Comparator.comparingLong(LifetimeTable.Row::lower)).toList();
    Indexed[] indexed = new Indexed[sorted.size()];
    for (int i = 0; i < indexed.length; i++) {
      indexed[i] = new Indexed(i, sorted.get(i));
    }
    this.births = List.of(indexed);
    this.deaths =
        births.stream().sorted(Comparator.comparingLong(entry -> entry.row().upper())).toList();
    this.startTime = births.getFirst().row().lower();
    long span = deaths.getLast().row().upper() - startTime;
    this.unitNanos = Math.clamp(RUN_NANOS / span, 1, UNIT_NANOS_MAX);
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public TraceEvent next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    if (died == deaths.size()) {
      ended = true;
      return new TraceEvent.End(nanos(deaths.getLast().row().upper()));
    }
    Indexed death = deaths.get(died);
    if (born < births.size() && births.get(born).row().lower() < death.row().upper()) {
      LifetimeTable.Row row = births.get(born).row();
      return new TraceEvent.Birth(nanos(row.lower()), born++, row.id(), row.sizeBytes());
    }
    died++;
    return new TraceEvent.Death(nanos(death.row().upper()), death.index(), death.row().id());
  }

  private long nanos(long time) {
    return (time - startTime) * unitNanos;
  }

  /** The table is in memory. */
  @Override
  public void close() {}
}
