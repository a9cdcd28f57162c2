package org.bufferyard.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.bufferyard.allocator.Pages;
import org.bufferyard.simulator.workload.WorkloadSpec;

/** Reads the {@code workload} section, and says which devices each kind needs. */
final class WorkloadReader {
  private static final long MIB = 1L << 20;

  private enum Kind {
    DESKTOP,
    IMPORTERS,
    PIPELINE,
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

  private static long peakBytes(Fields fields, OptionalLong tracePeakBytes) {
    if (tracePeakBytes.isEmpty()) {
      throw fields.fault(
          "kind", "trace", "desktop, importers or pipeline; trace needs --trace FILE");
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
      case WorkloadSpec.Trace trace -> List.of("gpu");
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
