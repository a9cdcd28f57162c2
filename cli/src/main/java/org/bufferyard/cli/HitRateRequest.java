package org.bufferyard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;
import org.bufferyard.allocator.policy.replay.CacheReplay;
import org.bufferyard.cli.output.Figures;
import org.bufferyard.cli.output.HitRateChart;
import org.bufferyard.cli.output.HitRateRow;
import org.bufferyard.simulator.requests.HitRates;
import org.bufferyard.simulator.requests.ReadProgress;
import org.bufferyard.simulator.requests.RequestFormat;
import org.bufferyard.simulator.requests.RequestTrace;
import org.jspecify.annotations.Nullable;

/** What {@code hitrate} was asked, checked as far as it can be before the trace is read. */
record HitRateRequest(
    Path file,
    Optional<RequestFormat> format,
    List<String> capacities,
    List<PolicyProvider> policies,
    boolean bytes,
    int curvePoints,
    boolean bound,
    long seed,
    int threads) {
  static final int CURVE_POINTS_MAX = 1_000;
  static final int THREADS_MAX = 1_024;
  private static final String ALL = "all";

  /** Replays may take this part of the heap at once. */
  private static final int HEAP_PART = 4;

  /** All that is to be shown. */
  record Answer(String description, List<HitRateRow> rows, HitRateChart chart) {}

  static HitRateRequest of(
      Path file,
      @Nullable String format,
      List<String> capacities,
      List<String> policies,
      boolean bytes,
      @Nullable String curve,
      boolean bound,
      long seed,
      @Nullable String threads)
      throws BadInput {
    int points = curve == null ? 0 : WholeNumber.of("--curve", curve, 2, CURVE_POINTS_MAX);
    if (capacities.isEmpty() && curve == null) {
      throw new BadInput("--capacity is missing: at least one, for example 1000 or 5%");
    }
    if (policies.isEmpty() && curve == null) {
      throw new BadInput("--policy is missing: one or several by name, or all");
    }
    for (String capacity : capacities) {
      CapacityWord.check(capacity, bytes);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return new HitRateRequest(
        file,
        format(format),
        List.copyOf(capacities),
        providers(policies.isEmpty() ? List.of(ALL) : policies),
        bytes,
        points,
        bound,
        seed,
        threads == null ? cores : WholeNumber.of("--threads", threads, 1, THREADS_MAX));
  }

  private static Optional<RequestFormat> format(@Nullable String label) throws BadInput {
    if (label == null) {
      return Optional.empty();
    }
    Optional<RequestFormat> format = RequestFormat.named(label);
    if (format.isEmpty()) {
      String known = String.join(", ", RequestFormat.labels());
      throw new BadInput("--format '" + label + "' is unknown; known: " + known);
    }
    return format;
  }

  private static List<PolicyProvider> providers(List<String> names) throws BadInput {
    List<PolicyProvider> known = Policies.all();
    LinkedHashSet<PolicyProvider> chosen = new LinkedHashSet<>();
    for (String name : names) {
      List<PolicyProvider> named =
          known.stream().filter(p -> name.equals(ALL) || p.name().equals(name)).toList();
      if (named.isEmpty()) {
        List<String> all = known.stream().map(PolicyProvider::name).toList();
        throw new BadInput(
            "--policy '" + name + "' is unknown; known: " + String.join(", ", all) + ", all");
      }
      chosen.addAll(named);
    }
    return List.copyOf(chosen);
  }

  /** Reads the trace and does all replays. */
  Answer answer(ReadProgress progress) throws BadInput {
    boolean keep = bound || curvePoints > 0 || policies.stream().anyMatch(PolicyProvider::offline);
    RequestTrace trace = RequestTrace.read(file, format, keep, progress);
    long footprint = bytes ? trace.footprintBytes() : trace.objects();
    List<Long> resolved = resolved(footprint);
    try (WorkerPool workers = new WorkerPool(threads)) {
      HitRates rates =
          new HitRates(trace, bytes, workers, () -> new SplittableRandom(seed), progress);
      HitRateBounds bounds = bound ? HitRateBounds.of(trace, bytes, rates) : HitRateBounds.none();
      List<HitRateRow> rows = rows(trace, resolved, rates, bounds);
      long[] lru = curvePoints > 0 && equalSizes(trace) ? rates.lruCurve().misses() : new long[0];
      String description = description(trace);
      return new Answer(description, rows, new HitRateChart(description, rows, lru));
    }
  }

  private boolean equalSizes(RequestTrace trace) {
    return !bytes || !trace.sized();
  }

  private List<Long> resolved(long footprint) throws BadInput {
    List<Long> resolved = new ArrayList<>();
    for (String word : capacities) {
      resolved.add(CapacityWord.of(word, bytes, footprint));
    }
    return curvePoints == 0 ? resolved : CapacityWord.range(resolved, curvePoints, footprint);
  }

  /** Capacities in the order given, and at each the policies in theirs. */
  private List<HitRateRow> rows(
      RequestTrace trace, List<Long> capacities, HitRates rates, HitRateBounds bounds)
      throws BadInput {
    List<HitRates.Cell> cells = new ArrayList<>();
    for (long capacity : capacities) {
      policies.forEach(policy -> cells.add(new HitRates.Cell(policy, capacity)));
    }
    List<CacheReplay.Result> results =
        rates.replay(cells, Runtime.getRuntime().maxMemory() / HEAP_PART);
    List<HitRateBounds.Least> least = bounds.at(capacities);
    HitRateRow.Trace about =
        new HitRateRow.Trace(
            trace.file(), bytes, trace.requests(), trace.objects(), trace.requestedBytes());
    List<HitRateRow> rows = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      HitRates.Cell cell = cells.get(i);
      CacheReplay.Result result = results.get(i);
      if (result.noMemoryAt() != CacheReplay.COMPLETED) {
        throw new BadInput(
            "--policy "
                + cell.policy().name()
                + " found no victim at entry "
                + result.noMemoryAt()
                + ", capacity "
                + cell.capacity());
      }
      rows.add(HitRateRow.of(about, cell.capacity(), cell.policy().name(), result));
      if ((i + 1) % policies.size() == 0 && !least.isEmpty()) {
        least.get(i / policies.size()).addTo(rows, about);
      }
    }
    return rows;
  }

  private String description(RequestTrace trace) {
    return String.format(
        Locale.ROOT,
        "%s, %s: %s requests of %s objects%s",
        Terminal.oneLine(trace.file()),
        trace.format().label(),
        Figures.count(trace.requests()),
        Figures.count(trace.objects()),
        trace.sized()
            ? ", " + Figures.size(trace.footprintBytes())
            : bytes ? ", without sizes: one byte each" : "");
  }
}
