package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.bufferyard.actors.environment.HeapKind;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.fault.FaultSpec;
import org.bufferyard.simulator.workload.WorkloadSpec;
import org.jspecify.annotations.Nullable;

/** Turns the tree of a scenario file into a {@link Scenario}; ranges and defaults live here. */
final class ScenarioReader {
  static final int REGIONS_MAX = 16;
  static final int LINKS_MAX = 64;
  static final int IOMMUS_MAX = 64;
  static final int FAULTS_MAX = 64;
  static final int DEVICES_MAX = 100_000;
  static final long REGION_BYTES_MAX = 1L << 44;
  static final long RATE_MAX = 1L << 44;
  static final long NANOS_PER_SECOND = 1_000_000_000L;
  static final long DURATION_NANOS_MAX = 24 * 3_600 * NANOS_PER_SECOND;
  private static final long GIB = 1L << 30;

  /** Stands in {@code count} for as many devices as the importers workload has. */
  private static final String AS_WORKLOAD = "workload";

  /** Each device is the importer that it says. */
  private static final String OWN = "own";

  private final Fields root;
  private final List<String> policies;
  private final OptionalLong tracePeakBytes;

  ScenarioReader(Fields root, List<String> policies, OptionalLong tracePeakBytes) {
    this.root = root;
    this.policies = policies;
    this.tracePeakBytes = tracePeakBytes;
  }

  Scenario read(String name) {
    WorkloadSpec workload = WorkloadReader.read(root.section("workload"), tracePeakBytes);
    List<RegionSpec> regions = regions(workload.footprintBytes());
    List<IommuSpec> iommus = iommus();
    Fields manage = root.section("manage");
    Scenario scenario =
        new Scenario(
            name,
            root.text("description", ""),
            regions,
            links(regions),
            iommus,
            managed(devices(regions, iommus, workload), manage),
            root.name("policy", "lru", policies),
            root.nanos("duration", 10 * NANOS_PER_SECOND, 1_000_000, DURATION_NANOS_MAX),
            root.word("contents", Contents.BYTES, Contents.values()),
            limits(),
            root.word("bring-back", BringBack.BUDGET, BringBack.values()),
            workload,
            faults(),
            ManageReader.read(manage, workload, nearest(regions)));
    root.close();
    WorkloadReader.checkDevices(root, scenario);
    return scenario;
  }

  private List<RegionSpec> regions(long footprintBytes) {
    List<RegionSpec> regions = new ArrayList<>();
    Map<String, Fields> sections = root.sections("regions", REGIONS_MAX);
    List<String> names = List.copyOf(sections.keySet());
    sections.forEach(
        (name, fields) -> {
          long sizeBytes = fields.regionBytes("size", footprintBytes, REGION_BYTES_MAX);
          String target = fields.has("window-of") ? fields.name("window-of", "", names) : null;
          boolean swapFile = fields.flag("swap-file", false);
          regions.add(new RegionSpec(name, sizeBytes, target, swapFile, heap(fields)));
          fields.close();
        });
    if (regions.isEmpty()) {
      throw root.fault("regions", "", "at least one region");
    }
    for (RegionSpec region : regions) {
      checkWindow(region, regions, sections.getOrDefault(region.name(), root));
    }
    return regions;
  }

  /** The one that buffers are evicted from first: frames that no other region is a window onto. */
  private static RegionSpec nearest(List<RegionSpec> regions) {
    for (RegionSpec region : regions) {
      boolean behind = regions.stream().anyMatch(other -> region.name().equals(other.windowOf()));
      if (region.windowOf() == null && !region.swapFile() && !behind) {
        return region;
      }
    }
    return regions.getFirst();
  }

  private static @Nullable HeapKind heap(Fields fields) {
    return fields.has("heap") ? HeapKind.of(fields.name("heap", "", HeapKind.labels())) : null;
  }

  /** A window shows ordinary memory, not itself, another window, or a file. */
  private static void checkWindow(RegionSpec window, List<RegionSpec> regions, Fields fields) {
    String name = window.windowOf();
    if (window.heap() != null && (name != null || window.swapFile())) {
      throw fields.fault("heap", window.heap().label(), "absent for a window or a swap file");
    }
    if (name == null) {
      return;
    }
    for (RegionSpec target : regions) {
      boolean plain = target.windowOf() == null && !target.swapFile() && !window.swapFile();
      if (target.name().equals(name) && !plain) {
        throw fields.fault("window-of", name, "a region that is no window and no swap file");
      }
    }
  }

  private List<LinkSpec> links(List<RegionSpec> regions) {
    List<LinkSpec> links = new ArrayList<>();
    root.sections("links", LINKS_MAX)
        .forEach(
            (name, fields) -> {
              List<String> ends = ends(fields, regions);
              long rate = fields.bytesPerSecond("rate", GIB, Pages.SIZE_BYTES, RATE_MAX);
              long latency = fields.nanos("latency", 0, 0, NANOS_PER_SECOND);
              boolean copies = fields.flag("copies", true);
              fields.close();
              boolean inside = ends.get(0).equals(ends.get(1));
              boolean taken = links.stream().anyMatch(l -> joins(l, ends));
              if (taken) {
                throw fields.fault(
                    inside ? "within" : "between", ends, "one link per pair of regions");
              }
              links.add(new LinkSpec(ends.get(0), ends.get(1), rate, latency, copies));
              if (!inside) {
                links.add(new LinkSpec(ends.get(1), ends.get(0), rate, latency, copies));
              }
            });
    return links;
  }

  /** Two regions; or one twice, whose frames a copy engine of its own reaches. */
  private static List<String> ends(Fields fields, List<RegionSpec> regions) {
    if (fields.has("within") && !fields.has("between")) {
      List<RegionSpec> frames =
          regions.stream().filter(r -> r.windowOf() == null && !r.swapFile()).toList();
      String region = fields.name("within", "", namesOf(frames));
      return List.of(region, region);
    }
    List<String> ends = fields.names("between", namesOf(regions));
    if (ends.size() != 2 || fields.has("within")) {
      throw fields.fault("between", ends, "two different regions, unless within names one");
    }
    return ends;
  }

  private static boolean joins(LinkSpec link, List<String> ends) {
    boolean same = link.from().equals(ends.get(0)) && link.to().equals(ends.get(1));
    return same || (link.from().equals(ends.get(1)) && link.to().equals(ends.get(0)));
  }

  private List<IommuSpec> iommus() {
    List<IommuSpec> iommus = new ArrayList<>();
    root.sections("iommus", IOMMUS_MAX)
        .forEach(
            (name, fields) -> {
              iommus.add(new IommuSpec(name, fields.integer("address-bits", 48, 21, 57)));
              fields.close();
            });
    return iommus;
  }

  private List<DeviceSpec> devices(
      List<RegionSpec> regions, List<IommuSpec> iommus, WorkloadSpec workload) {
    List<String> reachable =
        regions.stream().filter(r -> !r.swapFile()).map(RegionSpec::name).toList();
    List<String> iommuNames = iommus.stream().map(IommuSpec::name).toList();
    List<DeviceSpec> devices = new ArrayList<>();
    Map<String, Fields> sections = root.sections("devices", DEVICES_MAX);
    DeviceReader reader = new DeviceReader(reachable, iommuNames, List.copyOf(sections.keySet()));
    sections.forEach(
        (name, fields) -> {
          expand(reader.read(name, fields), fields, workload, devices);
          fields.close();
        });
    reader.checkBuses(devices, sections);
    return devices;
  }

  /** What is managed may make importers of one kind of all devices. */
  private static List<DeviceSpec> managed(List<DeviceSpec> devices, Fields manage) {
    String kind = manage.name("importers", OWN, List.of(OWN, "static", "dynamic"));
    return kind.equals(OWN)
        ? devices
        : devices.stream()
            .map(device -> device.asImporter(ImporterKind.valueOf(kind.toUpperCase(Locale.ROOT))))
            .toList();
  }

  /** A section with {@code count} stands for devices named {@code NAME-0} and on. */
  private static void expand(
      DeviceSpec device, Fields fields, WorkloadSpec workload, List<DeviceSpec> devices) {
    if (!fields.has("count")) {
      devices.add(device);
      return;
    }
    boolean asWorkload =
        fields.text("count", "").equals(AS_WORKLOAD) && workload instanceof WorkloadSpec.Importers;
    int count =
        asWorkload
            ? ((WorkloadSpec.Importers) workload).devices()
            : fields.integer("count", 1, 1, DEVICES_MAX);
    if (devices.size() + count > DEVICES_MAX) {
      throw fields.fault("count", count, "at most " + DEVICES_MAX + " devices in all");
    }
    for (int i = 0; i < count; i++) {
      devices.add(device.named(device.name() + "-" + i));
    }
  }

  /** By name, each with the keys of {@link FaultSpec}. */
  private List<FaultSpec> faults() {
    List<FaultSpec> faults = new ArrayList<>();
    root.sections("faults", FAULTS_MAX)
        .forEach((name, fields) -> faults.add(fields.fault(name, FaultSpec.KEYS)));
    return faults;
  }

  private Limits limits() {
    Fields limits = root.section("limits");
    long hour = 3_600 * NANOS_PER_SECOND;
    Limits read =
        new Limits(
            limits.integer("moves-in-flight", 8, 1, 4_096),
            limits.integer("move-fences", 8, 0, 4_096),
            limits.nanos("room-wait", 2 * NANOS_PER_SECOND, 1, hour),
            limits.nanos("request-deadline", 10 * NANOS_PER_SECOND, 1, hour),
            limits.nanos("invalidate-report", NANOS_PER_SECOND, 1, hour),
            limits.nanos("invalidate-deadline", 5 * NANOS_PER_SECOND, 1, hour));
    if (read.invalidateReportNanos() > read.invalidateDeadlineNanos()) {
      throw limits.fault(
          "invalidate-report", read.invalidateReportNanos() + " ns", "at most invalidate-deadline");
    }
    limits.close();
    return read;
  }

  private static List<String> namesOf(List<RegionSpec> regions) {
    return regions.stream().map(RegionSpec::name).toList();
  }
}
