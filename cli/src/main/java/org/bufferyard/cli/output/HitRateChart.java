package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the page of curves draws.
 *
 * @param description of the trace, one line
 * @param rows capacities in order, and at each the same policies
 * @param lruMisses lru's exact misses at each capacity, or empty
 */
@SuppressWarnings("ArrayRecordComponent") // a column of counts; never compared
public record HitRateChart(String description, List<HitRateRow> rows, long[] lruMisses) {
  /** Points of the exact curve are left out where this much of a step would not be seen. */
  private static final double CAPACITY_STEP = 1.004;

  private static final double RATIO_STEP = 0.001;

  /** The figures as a tree for {@link Json}. */
  public Map<String, Object> figures() {
    Map<String, Object> json = new LinkedHashMap<>();
    HitRateRow.Trace trace = rows.getFirst().trace();
    json.put("trace", trace.name());
    json.put("description", description);
    json.put("unit", trace.capacityUnit());
    json.put("requests", trace.requests());
    json.put("objects", trace.objects());
    json.put("capacities", rows.stream().map(HitRateRow::capacity).distinct().toList());
    json.put("policies", rows.stream().map(HitRateRow::policy).distinct().toList());
    json.put("missRatio", series(HitRateRow::missRatio));
    json.put("byteMissRatio", series(HitRateRow::byteMissRatio));
    json.put("lru", exact(trace.requests()));
    return json;
  }

  /** By policy, the value at each capacity. */
  private Map<String, Object> series(Function<HitRateRow, OptionalDouble> value) {
    Map<String, List<@Nullable Object>> series = new LinkedHashMap<>();
    for (HitRateRow row : rows) {
      OptionalDouble ratio = value.apply(row);
      series
          .computeIfAbsent(row.policy(), policy -> new ArrayList<>())
          .add(ratio.isEmpty() ? null : ratio.getAsDouble());
    }
    return new LinkedHashMap<>(series);
  }

  private List<Object> exact(long requests) {
    List<Object> points = new ArrayList<>();
    double lastCapacity = 0;
    double lastRatio = 2;
    for (int capacity = 1; capacity < lruMisses.length; capacity++) {
      double ratio = (double) lruMisses[capacity] / requests;
      boolean seen = capacity >= lastCapacity * CAPACITY_STEP || lastRatio - ratio >= RATIO_STEP;
      if (seen || capacity == lruMisses.length - 1) {
        points.add(List.of(capacity, ratio));
        lastCapacity = capacity;
        lastRatio = ratio;
      }
    }
    return points;
  }
}
