package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;
import org.bufferyard.deviceactors.StallSeries;
import org.bufferyard.simulator.result.RunResult.Evictors;
import org.bufferyard.simulator.result.RunResult.MoveBin;
import org.bufferyard.simulator.result.RunResult.Occupancy;
import org.bufferyard.simulator.result.RunResult.PhaseMark;
import org.bufferyard.simulator.result.RunResult.Series;
import org.bufferyard.simulator.result.RunResult.StallMean;
import org.bufferyard.simulator.result.RunResult.Violation;
import org.bufferyard.simulator.workload.Workload;

/** Writes down what happens over time. Owned by the director. */
final class Recorder {
  /** More violations than this are counted, not kept: the first ones tell. */
  static final int VIOLATIONS_MAX = 100;

  private static final int STALL_POINTS = 80;

  private final Topology topology;
  private final List<String> clients;
  private final long[][] evictedBytes;
  private final TreeMap<String, Long> binBytes = new TreeMap<>();
  private final List<TreeMap<String, Long>> bins = new ArrayList<>();
  private final List<Double> binTimes = new ArrayList<>();
  private final List<Occupancy> occupancy = new ArrayList<>();
  private final long[] movedBytes;
  private final TreeMap<String, Long> refaultBytes = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private final long[] evictedFrom;
  private double fragmentationSum;
  private int fragmentationSamples;
  private long violationCount;
  private long laggards;

  Recorder(Topology topology, List<String> clients) {
    this.topology = topology;
    this.clients = clients;
    this.evictedBytes = new long[clients.size()][clients.size()];
    this.movedBytes = new long[clients.size()];
    this.evictedFrom = new long[topology.regions().size()];
  }

  /** Returns the buffer whose history should be asked for, or null. */
  @org.jspecify.annotations.Nullable
  BufferId record(YardEvent event) {
    switch (event) {
      case YardEvent.Moved moved -> moved(moved);
      case YardEvent.Laggard laggard -> laggards++;
      case YardEvent.Violation violation -> {
        boolean first = violations.isEmpty();
        violate(
            violation.atNanos(), violation.rule(), violation.buffer().toString(), violation.text());
        return first ? violation.buffer() : null;
      }
    }
    return null;
  }

  private void moved(YardEvent.Moved moved) {
    String link = topology.region(moved.from()).name() + "->" + topology.region(moved.to()).name();
    binBytes.merge(link, moved.sizeBytes(), Long::sum);
    if (moved.refault()) {
      refaultBytes.merge(link, moved.sizeBytes(), Long::sum);
    }
    int by = moved.forWhom().value();
    int of = moved.owner().value();
    if (of >= 0) {
      movedBytes[of] += moved.sizeBytes();
    }
    boolean evicted = moved.cause() == YardEvent.Cause.EVICTION;
    evictedFrom[moved.from()] += evicted ? moved.sizeBytes() : 0;
    if (evicted && by >= 0 && of >= 0) {
      evictedBytes[by][of] += moved.sizeBytes();
    }
  }

  void violate(long atNanos, String rule, String buffer, String text) {
    violate(atNanos, rule, buffer, text, List.of());
  }

  void violate(long atNanos, String rule, String buffer, String text, List<String> history) {
    violationCount++;
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(new Violation(seconds(atNanos), rule, buffer, text, history));
    }
  }

  /** The first violation gets the history of its buffer. */
  void attachHistory(List<String> history) {
    if (!violations.isEmpty() && violations.getFirst().history().isEmpty()) {
      Violation first = violations.getFirst();
      violations.set(
          0, new Violation(first.atSeconds(), first.rule(), first.buffer(), first.text(), history));
    }
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  long violationCount() {
    return violationCount;
  }

  /** Of the buffers of client number {@code client}, from region to region. */
  long movedBytes(int client) {
    return movedBytes[client];
  }

  /** Of buffers that came back after an eviction, by link, in order of name. */
  Map<String, Long> refaultBytes() {
    return new LinkedHashMap<>(refaultBytes);
  }

  /** Out of region number {@code region}. */
  long evictedBytes(int region) {
    return evictedFrom[region];
  }

  /** A sample of the first region's free room; a full region has none to be in pieces. */
  void freeRoom(long freePages, long largestPages) {
    if (freePages > 0) {
      fragmentationSum += 1 - (double) largestPages / freePages;
      fragmentationSamples++;
    }
  }

  /** 1 - largest hole / free room, mean of the samples; NaN without one. */
  double fragmentation() {
    return fragmentationSamples == 0 ? Double.NaN : fragmentationSum / fragmentationSamples;
  }

  long laggards() {
    return laggards;
  }

  /** A round of samples is complete: one point of every curve. */
  void sample(long atNanos, List<Long> residentPages) {
    occupancy.add(
        new Occupancy(seconds(atNanos), residentPages.stream().map(Pages::toBytes).toList()));
    bins.add(new TreeMap<>(binBytes));
    binTimes.add(seconds(atNanos));
    binBytes.clear();
  }

  /**
   * Everything over time.
   *
   * @param stalls of all devices
   */
  Series series(Workload workload, StallSeries stalls) {
    List<String> links =
        bins.stream().flatMap(bin -> bin.keySet().stream()).distinct().sorted().toList();
    List<MoveBin> moves = new ArrayList<>();
    for (int i = 0; i < bins.size(); i++) {
      TreeMap<String, Long> bin = bins.get(i);
      moves.add(
          new MoveBin(
              binTimes.get(i), links.stream().map(link -> bin.getOrDefault(link, 0L)).toList()));
    }
    List<List<Long>> matrix = new ArrayList<>();
    for (long[] row : evictedBytes) {
      matrix.add(java.util.Arrays.stream(row).boxed().toList());
    }
    return new Series(
        topology.regions().stream().map(Topology.RegionPlace::name).toList(),
        List.copyOf(occupancy),
        links,
        moves,
        new Evictors(clients, matrix),
        workload.phases().stream()
            .map(phase -> new PhaseMark(phase.name(), seconds(phase.fromNanos())))
            .toList(),
        means(workload.durationNanos(), stalls));
  }

  private static List<StallMean> means(long durationNanos, StallSeries stalls) {
    List<StallMean> means = new ArrayList<>();
    long step = Math.max(stalls.widthNanos(), durationNanos / STALL_POINTS);
    for (long at = step; at <= durationNanos; at += step) {
      double mean = stalls.meanNanos(at - step, at);
      if (!Double.isNaN(mean)) {
        means.add(new StallMean(seconds(at), mean));
      }
    }
    return means;
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
