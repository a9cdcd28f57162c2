package org.bufferyard.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.cli.output.HitRateRow;
import org.bufferyard.simulator.requests.HitRates;
import org.bufferyard.simulator.requests.RequestTrace;
import org.jspecify.annotations.Nullable;

/**
 * Lower bounds on misses and on bytes missed. Where all sizes count alike, the optimum with bypass
 * is one and is exact; else the flow.
 */
final class HitRateBounds {
  private static final String OPTIMUM = "opt-bypass";

  /** What no policy goes below at one capacity. */
  record Least(long capacity, double misses, double missBytes) {
    void addTo(List<HitRateRow> rows, HitRateRow.Trace trace) {
      rows.add(HitRateRow.boundOfObjects(trace, capacity, misses));
      rows.add(HitRateRow.boundOfBytes(trace, capacity, missBytes));
    }
  }

  private final @Nullable HitRates rates;
  private final boolean unitMisses;
  private final boolean unitBytes;

  private HitRateBounds(@Nullable HitRates rates, boolean unitMisses, boolean unitBytes) {
    this.rates = rates;
    this.unitMisses = unitMisses;
    this.unitBytes = unitBytes;
  }

  static HitRateBounds none() {
    return new HitRateBounds(null, true, true);
  }

  /** Refuses a trace that would take too long. */
  static HitRateBounds of(RequestTrace trace, boolean bytes, HitRates rates) throws BadInput {
    boolean unitMisses = !bytes || !trace.sized();
    boolean unitBytes = !trace.sized();
    if (!unitMisses || !unitBytes) {
      long intervals = rates.boundIntervals();
      if (intervals > HitRates.BOUND_INTERVALS_MAX) {
        throw new BadInput(
            String.format(
                Locale.ROOT,
                "--bound %s: %,d repeated requests: more than %,d",
                trace.file(),
                intervals,
                HitRates.BOUND_INTERVALS_MAX));
      }
    }
    return new HitRateBounds(rates, unitMisses, unitBytes);
  }

  /** In the order of {@code capacities}; empty where no bound was asked for. */
  List<Least> at(List<Long> capacities) {
    HitRates of = rates;
    if (of == null) {
      return List.of();
    }
    List<Double> misses = unitMisses ? optimum(of, capacities) : of.bounds(capacities, false);
    List<Double> missBytes = unitBytes ? misses : of.bounds(capacities, true);
    List<Least> least = new ArrayList<>();
    for (int i = 0; i < capacities.size(); i++) {
      least.add(new Least(capacities.get(i), misses.get(i), missBytes.get(i)));
    }
    return least;
  }

  private static List<Double> optimum(HitRates rates, List<Long> capacities) {
    PolicyProvider optimum =
        Policies.all().stream().filter(p -> p.name().equals(OPTIMUM)).findFirst().orElseThrow();
    List<HitRates.Cell> cells =
        capacities.stream().map(capacity -> new HitRates.Cell(optimum, capacity)).toList();
    return rates.replay(cells, Long.MAX_VALUE).stream()
        .map(CacheReplay.Result::misses)
        .map(Long::doubleValue)
        .toList();
  }
}
