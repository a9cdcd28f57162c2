package org.bufferyard.simulator.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.RunResult;
import org.jspecify.annotations.Nullable;

/** What policies are compared by: one figure of a run each. */
public enum Metric {
  STALL_P50(Unit.NANOS, "stall p50", "half of the jobs waited this long or less for their memory"),
  STALL_P99(Unit.NANOS, "stall p99", "99 % of the jobs waited this long or less"),
  STALL_P999(Unit.NANOS, "stall p99.9", "99.9 % of the jobs waited this long or less"),
  STALL_MAX(Unit.NANOS, "stall max", "the longest that a job waited for its memory"),
  MOVED(Unit.BYTES, "moved", "bytes moved over all links, hop by hop"),
  REFAULTED(Unit.BYTES, "re-faulted", "bytes that were evicted and came back"),
  EVICTIONS(Unit.COUNT, "evictions", "buffers evicted to make room"),
  PING_PONG(Unit.SHARE, "ping-pong", "share of evictions that came back within the limit"),
  USELESS(Unit.SHARE, "useless", "share of moves after which the buffer was not used"),
  REFUSED(Unit.COUNT, "refused", "jobs that were refused as a whole"),
  REFUSED_FEASIBLE(Unit.COUNT, "feasible", "jobs refused although they and all pins would fit"),
  PROTECTION(Unit.COUNT, "unprotected", "evictions for others of what its owner was promised"),
  SLOWDOWN(Unit.FACTOR, "slowdown", "worst client's turnaround against memory for everything"),
  FAIRNESS(Unit.FACTOR, "fairness", "Jain's index of the clients' speeds; 1 is even"),
  SLOWDOWN_ALONE(Unit.FACTOR, "vs alone", "worst client's turnaround against running alone"),
  REGRET(Unit.FACTOR, "regret", "bytes used or fetched from afar against the least possible"),
  SCANNED(Unit.FACTOR, "scanned", "candidates looked at for one victim"),
  STEPS(Unit.FACTOR, "steps", "candidates and updates of the order for one victim"),
  FAST_SHARE(Unit.SHARE, "in use", "mean share of the first region that is resident"),
  USE_RESIDENCY(Unit.SHARE, "used there", "share of the bytes used that were in the region"),
  FRAGMENTATION(Unit.SHARE, "fragmented", "share of the free room outside its largest hole"),
  RECOVERY(Unit.NANOS, "recovery", "from a change of phase until stalls are what they then stay");

  /** How a figure is to be written. */
  public enum Unit {
    NANOS,
    BYTES,
    COUNT,
    SHARE,
    FACTOR
  }

  private final Unit unit;
  private final String title;
  private final String meaning;

  Metric(Unit unit, String title, String meaning) {
    this.unit = unit;
    this.title = title;
    this.meaning = meaning;
  }

  public Unit unit() {
    return unit;
  }

  public String title() {
    return title;
  }

  /** What it says, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** As it is typed: {@code stall-p99}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a lower figure is the better one. */
  public boolean lowerIsBetter() {
    return this != FAIRNESS && this != FAST_SHARE && this != USE_RESIDENCY;
  }

  /** Whether it is measured against the run with memory for everything. */
  public boolean relative() {
    return this == SLOWDOWN || this == FAIRNESS;
  }

  /** Whether it is measured against each client's run by itself. */
  public boolean againstAlone() {
    return this == SLOWDOWN_ALONE;
  }

  /** Whether any run has it by itself, unasked and whatever its workload is. */
  public boolean ofAnyRun() {
    return !relative()
        && !againstAlone()
        && this != REGRET
        && this != RECOVERY
        && this != PROTECTION;
  }

  public static Optional<Metric> named(String label) {
    return List.of(values()).stream().filter(metric -> metric.label().equals(label)).findFirst();
  }

  public static List<String> labels() {
    return List.of(values()).stream().map(Metric::label).toList();
  }

  /** The figure of {@code run} alone; NaN where it has none. */
  public double of(RunResult run) {
    return of(run, null, null);
  }

  /**
   * The figure of {@code run}; NaN where it has none.
   *
   * @param roomy the same workload with memory for everything; null where there is no such run
   * @param alone each client by itself, in memory of the same size; null where there are none
   */
  double of(RunResult run, @Nullable RunResult roomy, @Nullable List<RunResult> alone) {
    Findings.Measures measures = run.findings().measures();
    return switch (this) {
      case STALL_P50 -> run.stalls().p50Nanos();
      case STALL_P99 -> run.stalls().p99Nanos();
      case STALL_P999 -> run.stalls().p999Nanos();
      case STALL_MAX -> run.stalls().maxNanos();
      case MOVED -> sum(run.bytesMoved());
      case REFAULTED -> sum(run.refaultBytes());
      case EVICTIONS -> run.evictions();
      case PING_PONG -> (double) run.pingPongs() / Math.max(1, run.evictions());
      case USELESS -> run.findings().causes().uselessShare();
      case REFUSED -> run.jobsRefused();
      case REFUSED_FEASIBLE -> measures.refusedFeasible();
      case PROTECTION -> measures.protectionBroken();
      case SLOWDOWN -> Slowdowns.of(run, roomy).worst();
      case FAIRNESS -> Slowdowns.of(run, roomy).fairness();
      case SLOWDOWN_ALONE -> Slowdowns.ofAlone(run, alone).worst();
      case REGRET -> regret(measures);
      case SCANNED -> perVictim(run, false);
      case STEPS -> perVictim(run, true);
      case FAST_SHARE -> fastShare(run);
      case USE_RESIDENCY -> measures.useWeighted();
      case FRAGMENTATION -> measures.fragmentation();
      case RECOVERY -> measures.recoveryNanos();
    };
  }

  private static double regret(Findings.Measures measures) {
    Findings.Regret regret = measures.regret();
    return regret == null ? Double.NaN : regret.factor();
  }

  private static double sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double perVictim(RunResult run, boolean updatesToo) {
    long victims = 0;
    long steps = 0;
    for (RunResult.Choosing choosing : run.choosing().values()) {
      victims += choosing.victims();
      steps += choosing.scanned() + (updatesToo ? choosing.updates() : 0);
    }
    return victims == 0 ? Double.NaN : (double) steps / victims;
  }

  private static double fastShare(RunResult run) {
    return run.residency().values().stream()
        .findFirst()
        .map(first -> (double) first.meanBytes() / Math.max(1, first.capacityBytes()))
        .orElse(Double.NaN);
  }
}
