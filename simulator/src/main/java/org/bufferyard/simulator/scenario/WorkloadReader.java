package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** Reads the {@code workload} section, and says which devices each kind needs. */
final class WorkloadReader {
  private static final long MIB = 1L << 20;
  private static final int SIDES_MAX = 8;

  private enum Kind {
    DESKTOP,
    IMPORTERS,
    PIPELINE,
    SOC,
    SIDES,
    PATTERNS,
    TRACE
  }

  static WorkloadSpec read(Fields fields, OptionalLong tracePeakBytes) {
    fields.require("kind");
    Kind kind = fields.word("kind", Kind.DESKTOP, Kind.values());
    WorkloadSpec spec =
        switch (kind) {
          case DESKTOP -> desktop(fields);
          case IMPORTERS -> importers(fields);
          case PIPELINE -> pipeline(fields);
          case SOC -> soc(fields);
          case SIDES -> sides(fields);
          case PATTERNS -> PatternsReader.read(fields);
          case TRACE -> new WorkloadSpec.Trace(peakBytes(fields, tracePeakBytes));
        };
    fields.close();
    return spec;
  }

  private static WorkloadSpec.Desktop desktop(Fields fields) {
    return new WorkloadSpec.Desktop(
        fields.sizeBytes("working-set", 320 * MIB, 128 * MIB, 1L << 42),
        fields.integer("frames-per-second", 60, 1, 240),
        fields.nanos(
            "period",
            10 * ScenarioReader.NANOS_PER_SECOND,
            100_000_000,
            ScenarioReader.DURATION_NANOS_MAX));
  }

  private static WorkloadSpec.Importers importers(Fields fields) {
    int devices = fields.integer("devices", 64, 1, ScenarioReader.DEVICES_MAX);
    int buffers = fields.integer("buffers", 640, 1, 10_000_000);
    long sizeBytes = fields.sizeBytes("buffer-size", 64 << 10, 1, ScenarioReader.REGION_BYTES_MAX);
    if (sizeBytes > ScenarioReader.REGION_BYTES_MAX / buffers) {
      throw fields.fault(
          "buffers",
          buffers,
          "at most " + ScenarioReader.REGION_BYTES_MAX / sizeBytes + " of that buffer-size");
    }
    return new WorkloadSpec.Importers(
        devices,
        buffers,
        sizeBytes,
        fields.integer("shared-by", Math.min(3, devices), 1, devices),
        fields.integer("jobs-per-second", 50, 1, 100_000),
        fields.integer("use-pages", 4, 1, 1 << 20),
        fields.integer("write-percent", 30, 0, 100));
  }

  private static WorkloadSpec.Pipeline pipeline(Fields fields) {
    return new WorkloadSpec.Pipeline(
        fields.sizeBytes("frame-size", 1_382_400, Pages.SIZE_BYTES, 1L << 32),
        fields.integer("depth", 4, 2, 64),
        fields.integer("frames-per-second", 30, 1, 240));
  }

  private static WorkloadSpec.Soc soc(Fields fields) {
    return new WorkloadSpec.Soc(
        fields.sizeBytes("frame-size", 960 << 10, Pages.SIZE_BYTES, 1L << 32),
        fields.integer("depth", 4, 2, 64),
        fields.integer("frames-per-second", 30, 1, 240));
  }

  private static WorkloadSpec.Sides sides(Fields fields) {
    List<WorkloadSpec.Side> sides = new ArrayList<>();
    fields
        .sections("sides", SIDES_MAX)
        .forEach(
            (name, side) -> {
              side.require("manner");
              sides.add(
                  new WorkloadSpec.Side(
                      name,
                      side.word(
                          "manner", WorkloadSpec.Manner.STATIC, WorkloadSpec.Manner.values())));
              side.close();
            });
    if (sides.isEmpty()) {
      throw fields.fault("sides", "", "at least one side");
    }
    return new WorkloadSpec.Sides(
        fields.sizeBytes("frame-size", 1_382_400, Pages.SIZE_BYTES, 1L << 32),
        fields.integer("depth", 4, 2, 64),
        fields.integer("frames-per-second", 30, 1, 240),
        fields.integer("apps", 4, 1, 64),
        fields.nanos("turn", 500_000_000, 1_000_000, ScenarioReader.DURATION_NANOS_MAX),
        sides);
  }

  private static long peakBytes(Fields fields, OptionalLong tracePeakBytes) {
    if (tracePeakBytes.isEmpty()) {
      throw fields.fault(
          "kind",
          "trace",
          "desktop, importers, pipeline, soc, sides or patterns; trace needs --trace FILE");
    }
    return Math.max(Pages.SIZE_BYTES, tracePeakBytes.getAsLong());
  }

  /** A workload's device names are part of it; a scenario must have them. */
  static void checkDevices(Fields root, Scenario scenario) {
    List<String> names = scenario.devices().stream().map(DeviceSpec::name).toList();
    TreeSet<String> present = new TreeSet<>(names);
    if (present.size() != names.size()) {
      throw root.fault("devices", names.size() + " devices", "distinct names after count");
    }
    for (String needed : neededDevices(scenario.workload())) {
      if (!present.contains(needed)) {
        throw root.fault("devices", "", "a device named " + needed + ", which the workload uses");
      }
    }
  }

  private static List<String> neededDevices(WorkloadSpec workload) {
    return switch (workload) {
      case WorkloadSpec.Desktop desktop -> List.of("camera", "display", "encoder", "gpu");
      case WorkloadSpec.Pipeline pipeline -> List.of("camera", "display", "encoder", "gpu");
      case WorkloadSpec.Patterns patterns -> List.of("gpu");
      case WorkloadSpec.Trace trace -> List.of("gpu");
      case WorkloadSpec.Soc soc ->
          List.of("audio", "camera", "codec", "display", "gpu", "isp", "usb-display", "webcam");
      case WorkloadSpec.Sides sides ->
          sides.sides().stream()
              .flatMap(
                  side ->
                      Stream.of("camera", "display", "encoder", "gpu")
                          .map(role -> side.name() + "-" + role))
              .toList();
      case WorkloadSpec.Importers importers -> {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < importers.devices(); i++) {
          names.add("importer-" + i);
        }
        yield names;
      }
    };
  }

  private WorkloadReader() {}
}
