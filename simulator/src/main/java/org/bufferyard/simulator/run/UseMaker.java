package org.bufferyard.simulator.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.allocator.Pages;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.result.RunResult.DeviceUse;
import org.bufferyard.simulator.result.RunResult.Side;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.ImporterKind;
import org.bufferyard.simulator.workload.ClientScript;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** What each device did, and each side where a workload compares some. */
final class UseMaker {
  private static final double P99 = 99;

  private final RunRequest request;
  private final Topology topology;
  private final Ending end;
  private final Map<String, Device.Books> books = new LinkedHashMap<>();

  UseMaker(RunRequest request, Topology topology, Ending end) {
    this.request = request;
    this.topology = topology;
    this.end = end;
    List<DeviceSpec> specs = request.scenario().devices();
    for (Device.Books each : end.audit().devices) {
      books.put(specs.get(each.device().value()).name(), each);
    }
  }

  List<DeviceUse> devices() {
    List<DeviceUse> uses = new ArrayList<>();
    for (DeviceSpec spec : request.scenario().devices()) {
      Device.Books own = books.get(spec.name());
      if (own != null) {
        uses.add(use(spec, own));
      }
    }
    return uses;
  }

  private DeviceUse use(DeviceSpec spec, Device.Books own) {
    DeviceSpec attached = Demands.attachedFor(spec, request.scenario().devices());
    Device.Traffic traffic = own.traffic();
    return new DeviceUse(
        spec.name(),
        attached.way().path().name().toLowerCase(Locale.ROOT),
        attached.name(),
        attached.way().hook().label(),
        spec.importer() == ImporterKind.DYNAMIC,
        own.jobs(),
        own.jobsRefused(),
        Pages.toBytes(traffic.pagesRead()),
        Pages.toBytes(traffic.pagesWritten()),
        traffic.copiedBytes());
  }

  /** A copy is never silent: who needed one, how much, and why. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (DeviceSpec spec : request.scenario().devices()) {
      Device.Books own = books.get(spec.name());
      if (own != null && own.traffic().copiedBytes() > 0) {
        notes.add(
            spec.name() + ": " + own.traffic().copiedBytes() + " bytes copied, " + reason(spec));
      }
    }
    return notes;
  }

  private static String reason(DeviceSpec spec) {
    return switch (spec.way().path()) {
      case BOUNCE ->
          "bounced, since it has no IOMMU and emits " + spec.dmaMaskBits() + " address bits";
      case CPU -> "by the CPU, since it does no DMA itself";
      case IOMMU, TILER, DIRECT -> "since its model works on a copy, " + spec.way().hook().label();
    };
  }

  List<Side> sides() {
    if (!(request.scenario().workload() instanceof WorkloadSpec.Sides spec)) {
      return List.of();
    }
    return spec.sides().stream().map(side -> side(side.name() + "-")).toList();
  }

  private Side side(String prefix) {
    Set<String> regions = new LinkedHashSet<>();
    Histogram stalls = new Histogram(3);
    long refused = 0;
    for (DeviceSpec device : request.scenario().devices()) {
      Device.Books own = books.get(device.name());
      if (own != null && device.name().startsWith(prefix)) {
        regions.addAll(device.reaches());
        stalls.add(own.stalls());
        refused += own.jobsRefused();
      }
    }
    long frames = 0;
    long dropped = 0;
    long moved = 0;
    for (Program.Done program : end.programs()) {
      if (clientName(program).startsWith(prefix)) {
        frames += program.frames();
        dropped += program.framesDropped();
        moved += end.recorder().movedBytes(program.client().value());
      }
    }
    long mean = 0;
    long peak = 0;
    long pinned = 0;
    for (Region.Occupancy region : end.audit().regions.values()) {
      if (regions.contains(topology.region(region.region()).name())) {
        mean += Pages.toBytes(region.meanResidentPages());
        peak += Pages.toBytes(region.peakResidentPages());
        pinned += Pages.toBytes(region.meanPinnedPages());
      }
    }
    String name = prefix.substring(0, prefix.length() - 1);
    return new Side(
        name,
        mean,
        peak,
        pinned,
        moved,
        frames,
        dropped,
        refused,
        stalls.getValueAtPercentile(P99));
  }

  private String clientName(Program.Done program) {
    List<ClientScript> clients = request.workload().clients();
    return clients.get(program.client().value()).client();
  }
}
