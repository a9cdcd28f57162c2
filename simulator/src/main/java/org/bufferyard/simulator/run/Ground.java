package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.actors.environment.BringBack;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.ModelClock;
import org.bufferyard.actors.environment.Randomness;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;
import org.bufferyard.deviceactors.path.Paths;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.scenario.DeviceSpec;
import org.bufferyard.simulator.scenario.Limits;
import org.bufferyard.simulator.scenario.LinkSpec;
import org.bufferyard.simulator.scenario.RegionSpec;
import org.bufferyard.simulator.scenario.Scenario;

/**
 * The ground a yard stands on: the topology laid out in the physical address space, and its memory.
 * Host memory lies low, so that devices with narrow masks reach it; device memory above it; files
 * far above.
 */
final class Ground implements AutoCloseable {
  /** 2 MiB: regions begin where large page table leaves can. */
  private static final long ALIGN_PAGES = 512;

  private static final long FIRST_PFN = ALIGN_PAGES;

  /** The bounce pool: 1 MiB below everything else, so that every mask reaches it. */
  private static final Paths.Pool BOUNCE = new Paths.Pool(ALIGN_PAGES / 2, (int) ALIGN_PAGES / 2);

  private static final long FILES_PFN = 1L << 34;

  final Topology topology;
  final PhysicalMemory memory;
  final Paths.Pool bounce = BOUNCE;

  /** By device that works on copies, the first frame of its staging memory. */
  final Map<String, Long> staging;

  private Ground(Topology topology, PhysicalMemory memory, Map<String, Long> staging) {
    this.topology = topology;
    this.memory = memory;
    this.staging = staging;
  }

  /**
   * Lays the scenario's regions out and gives them memory.
   *
   * @throws IOException the swap file cannot be made
   */
  static Ground lay(Scenario scenario, Path swapDirectory) throws IOException {
    List<RegionSpec> regions = nearestFirst(scenario.regions());
    Topology topology = topology(scenario, regions, bases(regions));
    PhysicalMemory memory =
        new PhysicalMemory(
            scenario.contents() == Contents.BYTES
                ? PhysicalMemory.Kind.BYTES
                : PhysicalMemory.Kind.TAGS);
    Map<String, Long> staging = staging(scenario, topology);
    try {
      memory.addMemory(BOUNCE.basePfn(), BOUNCE.pages());
      fill(memory, scenario, topology, staging, swapDirectory);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      memory.close();
      throw e;
    }
    return new Ground(topology, memory, staging);
  }

  /** Above the regions, in order of device. */
  private static Map<String, Long> staging(Scenario scenario, Topology topology) {
    Map<String, Long> bases = new LinkedHashMap<>();
    long next = FIRST_PFN;
    for (Topology.RegionPlace place : topology.regions()) {
      next = place.file() ? next : Math.max(next, align(place.basePfn() + place.pages()));
    }
    for (DeviceSpec device : scenario.devices()) {
      if (device.way().needsStaging()) {
        bases.put(device.name(), next);
        next = align(next + Pages.ofBytes(device.way().stagingBytes()));
      }
    }
    return bases;
  }

  /** Device memory, then windows onto host memory, then host memory, then files. */
  private static List<RegionSpec> nearestFirst(List<RegionSpec> regions) {
    List<RegionSpec> sorted = new ArrayList<>(regions);
    sorted.sort(java.util.Comparator.comparingInt(region -> distance(region, regions)));
    return sorted;
  }

  private static int distance(RegionSpec region, List<RegionSpec> all) {
    if (region.swapFile()) {
      return 3;
    }
    if (region.windowOf() != null) {
      return 1;
    }
    boolean behindWindow = all.stream().anyMatch(other -> region.name().equals(other.windowOf()));
    return behindWindow ? 2 : 0;
  }

  /** The last region first: what lies furthest from the devices is the host's memory. */
  private static Map<String, Long> bases(List<RegionSpec> regions) {
    Map<String, Long> bases = new TreeMap<>();
    long next = FIRST_PFN;
    long nextFile = FILES_PFN;
    for (RegionSpec region : regions.reversed()) {
      long pages = Pages.ofBytes(region.sizeBytes());
      if (region.windowOf() != null) {
        bases.put(region.name(), 0L);
      } else if (region.swapFile()) {
        bases.put(region.name(), nextFile);
        nextFile = align(nextFile + pages);
      } else {
        bases.put(region.name(), next);
        next = align(next + pages);
      }
    }
    return bases;
  }

  private static long align(long pfn) {
    return (pfn + ALIGN_PAGES - 1) & -ALIGN_PAGES;
  }

  private static Topology topology(
      Scenario scenario, List<RegionSpec> specs, Map<String, Long> bases) {
    List<String> names = specs.stream().map(RegionSpec::name).toList();
    List<Topology.RegionPlace> places = new ArrayList<>();
    for (RegionSpec spec : specs) {
      int windowOf = spec.windowOf() == null ? Topology.NONE : names.indexOf(spec.windowOf());
      places.add(
          new Topology.RegionPlace(
              spec.name(),
              bases.getOrDefault(spec.name(), 0L),
              Pages.ofBytes(spec.sizeBytes()),
              windowOf,
              spec.swapFile(),
              spec.heap()));
    }
    List<Topology.LinkPlace> links = new ArrayList<>();
    for (LinkSpec link : scenario.links()) {
      links.add(
          new Topology.LinkPlace(
              names.indexOf(link.from()),
              names.indexOf(link.to()),
              link.bytesPerSecond(),
              link.latencyNanos()));
    }
    return new Topology(places, links);
  }

  /** Memory is added from the lowest frame up. */
  private static void fill(
      PhysicalMemory memory,
      Scenario scenario,
      Topology topology,
      Map<String, Long> staging,
      Path swapDirectory)
      throws IOException {
    List<Topology.RegionPlace> ascending =
        topology.regions().stream()
            .filter(place -> place.windowOf() == Topology.NONE)
            .sorted(java.util.Comparator.comparingLong(Topology.RegionPlace::basePfn))
            .toList();
    for (Topology.RegionPlace place : ascending) {
      if (!place.file()) {
        memory.addMemory(place.basePfn(), place.pages());
      }
    }
    for (DeviceSpec device : scenario.devices()) {
      Long base = staging.get(device.name());
      if (base != null) {
        memory.addMemory(base, Pages.ofBytes(device.way().stagingBytes()));
      }
    }
    for (Topology.RegionPlace place : ascending) {
      if (place.file()) {
        memory.addFile(place.basePfn(), place.pages(), swapDirectory);
      }
    }
  }

  Environment environment(
      Scenario scenario,
      List<String> clients,
      Scale scale,
      ModelClock clock,
      Randomness randomness,
      Faults faults,
      ActorRef<YardEvent> observer) {
    return new Environment(
        clock, randomness, faults, topology, settings(scenario, clients, scale), memory, observer);
  }

  private static YardSettings settings(Scenario scenario, List<String> clients, Scale scale) {
    YardSettings defaults = YardSettings.defaults();
    Limits limits = scenario.limits();
    return new YardSettings(
        scenario.policy(),
        BringBack.valueOf(scenario.bringBack().name()),
        limits.maxMovesInFlight(),
        limits.moveFences(),
        Math.min(limits.roomWaitNanos(), scale.roomWaitNanos()),
        scale.retryNanos(),
        limits.invalidateReportNanos(),
        limits.invalidateDeadlineNanos(),
        limits.requestDeadlineNanos(),
        defaults.upgradeBackoffNanos(),
        scenario.manage().rateBytesPerSecond(),
        defaults.pingPongNanos(),
        scenario.manage().pins(),
        ManagementMaker.of(scenario.manage(), clients),
        defaults.histories());
  }

  @Override
  public void close() {
    memory.close();
  }
}
