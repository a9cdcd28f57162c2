package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.sanitizer.Sampler;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.result.RunResult.Residency;
import org.bufferyard.simulator.result.RunResult.StallPoint;
import org.bufferyard.simulator.result.RunResult.Stalls;
import org.bufferyard.simulator.workload.ClientScript;
import org.jspecify.annotations.Nullable;

/** Turns the end of a run into its result. */
final class ResultMaker {
  private static final List<RequestKind> SHOWN =
      List.of(
          RequestKind.EXPORT,
          RequestKind.ATTACH,
          RequestKind.MAP,
          RequestKind.UNMAP,
          RequestKind.PIN,
          RequestKind.CPU_ACCESS,
          RequestKind.RELEASE);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final int POINTS_PER_HALF = 8;

  private final RunRequest request;
  private final Topology topology;
  private final Ending end;
  private final Audit audit;
  private final Tally.Counts counts;
  private final UseMaker use;

  ResultMaker(RunRequest request, Topology topology, Ending end) {
    this.request = request;
    this.topology = topology;
    this.end = end;
    this.audit = end.audit();
    this.counts = audit.counts();
    this.use = new UseMaker(request, topology, end);
  }

  RunResult deterministic(long steps, long eventHash, long wallNanos) {
    return make("deterministic", steps, String.format("%016x", eventHash), wallNanos);
  }

  RunResult real(long wallNanos) {
    return make("real", audit.handled(), null, wallNanos);
  }

  private RunResult make(String mode, long events, @Nullable String eventHash, long wallNanos) {
    double wallSeconds = wallNanos / NANOS_PER_SECOND;
    Migration.Books moves = moves();
    Judgement judgement = new Judgement(request, topology, end);
    return new RunResult(
        request.scenario().name(),
        request.scenario().policy(),
        request.seed(),
        mode,
        request.scenario().contents().name().toLowerCase(Locale.ROOT),
        wallSeconds,
        end.endNanos() / NANOS_PER_SECOND,
        audit.slabs.stream().mapToLong(Slab.Books::created).sum(),
        audit.devices.size(),
        requests(),
        replies(),
        refused(),
        audit.devices.stream().mapToLong(Device.Books::jobs).sum(),
        audit.devices.stream().mapToLong(Device.Books::jobsRefused).sum(),
        moves.evictions(),
        moves.migrations(),
        bytesMoved(moves),
        moves.refaults(),
        moves.pingPongs(),
        stalls(),
        residency(),
        choosing(),
        verifiedPages(),
        end.recorder().violations(),
        events / Math.max(wallSeconds, 1e-9),
        events,
        eventHash,
        use.devices(),
        use.sides(),
        clients(),
        end.recorder().refaultBytes(),
        notes(),
        end.recorder().series(request.workload(), judgement.stalls()),
        request.replay(),
        judgement.findings());
  }

  private Migration.Books moves() {
    Migration.Books books = audit.migration;
    return books != null ? books : Migration.Books.none();
  }

  private Map<String, Long> requests() {
    Map<String, Long> shown = new LinkedHashMap<>();
    for (RequestKind kind : SHOWN) {
      shown.put(kind.label(), counts.requests().getOrDefault(kind, 0L));
    }
    return shown;
  }

  private long replies() {
    long replies = 0;
    for (RequestKind kind : SHOWN) {
      replies += counts.replies().getOrDefault(kind, 0L);
    }
    return replies;
  }

  private Map<String, Long> refused() {
    Map<String, Long> refused = new LinkedHashMap<>();
    counts.refused().forEach((errno, count) -> refused.put(errno.name(), count));
    return refused;
  }

  private static Map<String, Long> bytesMoved(Migration.Books moves) {
    Map<String, Long> moved = new LinkedHashMap<>();
    for (Migration.LinkBytes link : moves.moved()) {
      moved.put(link.from() + "->" + link.to(), link.bytes());
    }
    return moved;
  }

  private Stalls stalls() {
    if (audit.devices.isEmpty()) {
      return new Stalls(0, 0, 0, 0, List.of());
    }
    Histogram stalls = audit.stalls();
    List<StallPoint> points = new ArrayList<>();
    for (HistogramIterationValue value : stalls.percentiles(POINTS_PER_HALF)) {
      points.add(new StallPoint(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo()));
    }
    return new Stalls(
        stalls.getValueAtPercentile(50),
        stalls.getValueAtPercentile(99),
        stalls.getValueAtPercentile(99.9),
        stalls.getMaxValue(),
        points);
  }

  private Map<String, Residency> residency() {
    Map<String, Residency> residency = new LinkedHashMap<>();
    for (Region.Occupancy region : audit.regions.values()) {
      residency.put(
          topology.region(region.region()).name(),
          new Residency(
              Pages.toBytes(region.peakResidentPages()),
              Pages.toBytes(region.meanResidentPages()),
              Pages.toBytes(region.capacityPages())));
    }
    return residency;
  }

  private Map<String, RunResult.Choosing> choosing() {
    Map<String, RunResult.Choosing> choosing = new LinkedHashMap<>();
    for (Region.Occupancy region : audit.regions.values()) {
      Region.Choosing counted = region.choosing();
      choosing.put(
          topology.region(region.region()).name(),
          new RunResult.Choosing(
              counted.demands(), counted.victims(), counted.scanned(), counted.updates()));
    }
    return choosing;
  }

  /** Programs end in any order; clients are told in that of the workload. */
  private List<RunResult.ClientUse> clients() {
    List<ClientScript> scripts = request.workload().clients();
    return end.programs().stream()
        .sorted(Comparator.comparingInt(done -> done.client().value()))
        .map(
            done ->
                new RunResult.ClientUse(
                    scripts.get(done.client().value()).client(),
                    done.jobs(),
                    done.jobsRefused(),
                    done.turnarounds().getMean(),
                    done.turnarounds().getValueAtPercentile(99)))
        .toList();
  }

  private long verifiedPages() {
    return audit.devices.stream().mapToLong(Device.Books::pagesVerified).sum()
        + end.programs().stream().mapToLong(Program.Done::pagesVerified).sum();
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    long skipped = end.programs().stream().mapToLong(Program.Done::skipped).sum();
    if (skipped > 0) {
      notes.add(
          (skipped == 1 ? "1 step" : skipped + " steps")
              + " skipped: the buffer was refused or never came");
    }
    Map<Errno, String> explained = new EnumMap<>(Errno.class);
    end.programs().forEach(program -> program.refusals().forEach(explained::putIfAbsent));
    explained.values().forEach(text -> notes.add("first refusal: " + text));
    if (counts.backOffs() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d times a job let go of its tokens and asked again; that refuses nothing",
              counts.backOffs()));
    }
    notes.addAll(use.notes());
    Sampler.Report sampled = audit.sampled;
    if (sampled != null) {
      notes.add(sampled.line());
    }
    long laggards = end.recorder().laggards();
    if (laggards > 0) {
      notes.add(laggards + " times an importer was late to unmap");
    }
    for (Program.Done program : end.programs()) {
      program.failure().forEach(text -> notes.add(program.client() + ": " + text));
    }
    return notes;
  }
}
