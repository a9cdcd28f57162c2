package org.bufferyard.simulator.result;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run reports. Maps are in the order in which they are to be shown.
 *
 * @param mode {@code deterministic} or {@code real}
 * @param contents {@code bytes} or {@code tags}
 * @param virtualSeconds model time that passed
 * @param requests by kind: export, attach, map, unmap, pin, cpuAccess, release
 * @param replies to all requests; equal to their sum when all is well
 * @param refused requests by errno
 * @param bytesMoved by link, {@code "VRAM->GTT"}
 * @param residency by region
 * @param choosing by region, what its policy did
 * @param verifiedPages pages read and compared with what was last written there
 * @param violations of invariants; empty when all is well
 * @param events steps of the deterministic system, or messages handled by the yard's actors
 * @param eventHash of a deterministic run, 16 hex digits; null otherwise
 * @param deviceUse of each device, in order of name
 * @param sides compared with one another; empty where the workload has none
 * @param clients in the workload's order
 * @param refaultBytes of buffers that came back after an eviction, by {@code "GTT->VRAM"}
 * @param replay the command line that gives this run again, or its deterministic twin
 * @param findings why buffers moved, and measures of the whole run
 */
public record RunResult(
    String scenario,
    String policy,
    long seed,
    String mode,
    String contents,
    double wallSeconds,
    double virtualSeconds,
    long buffers,
    int devices,
    Map<String, Long> requests,
    long replies,
    Map<String, Long> refused,
    long jobs,
    long jobsRefused,
    long evictions,
    long migrations,
    Map<String, Long> bytesMoved,
    long refaults,
    long pingPongs,
    Stalls stalls,
    Map<String, Residency> residency,
    Map<String, Choosing> choosing,
    long verifiedPages,
    List<Violation> violations,
    double eventsPerSecond,
    long events,
    @Nullable String eventHash,
    List<DeviceUse> deviceUse,
    List<Side> sides,
    List<ClientUse> clients,
    Map<String, Long> refaultBytes,
    List<String> notes,
    Series series,
    String replay,
    Findings findings) {
  /** The same with other findings. */
  public RunResult withFindings(Findings others) {
    return new RunResult(
        scenario,
        policy,
        seed,
        mode,
        contents,
        wallSeconds,
        virtualSeconds,
        buffers,
        devices,
        requests,
        replies,
        refused,
        jobs,
        jobsRefused,
        evictions,
        migrations,
        bytesMoved,
        refaults,
        pingPongs,
        stalls,
        residency,
        choosing,
        verifiedPages,
        violations,
        eventsPerSecond,
        events,
        eventHash,
        deviceUse,
        sides,
        clients,
        refaultBytes,
        notes,
        series,
        replay,
        others);
  }

  /** How long jobs waited for their buffers to be mapped, nanoseconds of model time. */
  public record Stalls(
      long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos, List<StallPoint> points) {}

  /** At {@code percentile} (0 to 100) jobs waited {@code nanos} or less. */
  public record StallPoint(double percentile, long nanos) {}

  /** Bytes of the buffers that lived in a region. */
  public record Residency(long peakBytes, long meanBytes, long capacityBytes) {}

  /**
   * How one device reached memory, and what it moved.
   *
   * @param path as the catalogue names it: {@code iommu}, {@code direct}, {@code bounce}, {@code
   *     tiler}, {@code cpu}
   * @param attached the device whose DMA it was: its own, or its controller's
   * @param hook what its model did around mapping; {@code none} mostly
   * @param copiedBytes that its path copied, in and out, for its jobs
   */
  public record DeviceUse(
      String device,
      String path,
      String attached,
      String hook,
      boolean dynamic,
      long jobs,
      long jobsRefused,
      long readBytes,
      long writtenBytes,
      long copiedBytes) {}

  /**
   * One of several pipelines that are compared.
   *
   * @param heldMeanBytes resident in the side's regions, over the run
   * @param pinnedMeanBytes of these, what could not move
   * @param movedBytes of the side's buffers, over every link
   * @param frames asked for
   * @param framesDropped refused or late
   * @param stallP99Nanos how long its jobs waited for their buffers to be mapped
   */
  public record Side(
      String name,
      long heldMeanBytes,
      long heldPeakBytes,
      long pinnedMeanBytes,
      long movedBytes,
      long frames,
      long framesDropped,
      long jobsRefused,
      long stallP99Nanos) {}

  /**
   * How one client fared.
   *
   * @param meanTurnaroundNanos from the submission of a job to its fence; 0 without jobs
   */
  public record ClientUse(
      String client,
      long jobs,
      long jobsRefused,
      double meanTurnaroundNanos,
      long p99TurnaroundNanos) {}

  /**
   * The decisions of one region's eviction policy and what they cost, in counted steps.
   *
   * @param demands how often victims were wanted
   * @param victims it named
   * @param scanned candidates it looked at for them
   * @param updates it was told: arrivals, departures, uses, pins
   */
  public record Choosing(long demands, long victims, long scanned, long updates) {
    /** Candidates scanned for one victim. */
    public double scannedPerVictim() {
      return (double) scanned / Math.max(1, victims);
    }

    /** Updates followed between one victim and the next: what keeping the order costs. */
    public double updatesPerVictim() {
      return (double) updates / Math.max(1, victims);
    }
  }

  /**
   * A rule that did not hold.
   *
   * @param history the last messages of the buffer concerned, oldest first; may be empty
   */
  public record Violation(
      double atSeconds, String rule, String buffer, String text, List<String> history) {}

  /**
   * What the report draws over time.
   *
   * @param occupancy samples at regular times
   * @param moves bytes moved per link and interval
   * @param evictors who evicted whom
   * @param phases of the workload; empty where it names none
   * @param stalls means of the jobs that ended since the point before
   */
  public record Series(
      List<String> regions,
      List<Occupancy> occupancy,
      List<String> links,
      List<MoveBin> moves,
      Evictors evictors,
      List<PhaseMark> phases,
      List<StallMean> stalls) {}

  /** A phase of the workload begins. */
  public record PhaseMark(String name, double atSeconds) {}

  /** Mean stall, nanoseconds. */
  public record StallMean(double atSeconds, double meanNanos) {}

  /** Bytes resident by region, in the order of {@link Series#regions}. */
  public record Occupancy(double atSeconds, List<Long> residentBytes) {}

  /** Bytes moved since the bin before, by link, in the order of {@link Series#links}. */
  public record MoveBin(double atSeconds, List<Long> bytes) {}

  /**
   * Evictions by cause.
   *
   * @param bytes {@code bytes.get(i).get(j)}: what demands of client i evicted of client j
   */
  public record Evictors(List<String> clients, List<List<Long>> bytes) {}
}
