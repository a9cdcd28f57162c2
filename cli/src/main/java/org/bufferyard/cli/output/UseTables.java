package org.bufferyard.cli.output;

import static org.bufferyard.cli.output.Figures.count;
import static org.bufferyard.cli.output.Figures.size;
import static org.bufferyard.cli.output.Figures.time;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bufferyard.simulator.result.RunResult;

/** What each device did by which path, and sides next to one another, as rows and as JSON. */
final class UseTables {
  /** A fleet of equal importers is no table for a person. */
  private static final int DEVICES_MAX = 32;

  /** JSON has them all up to here; beyond, a run has one kind of device. */
  private static final int JSON_DEVICES_MAX = 1_000;

  /** Some device reaches memory otherwise than straight or through an IOMMU. */
  static boolean worthShowing(RunResult run) {
    return run.deviceUse().size() <= DEVICES_MAX
        && run.deviceUse().stream().anyMatch(use -> !plain(use));
  }

  private static boolean plain(RunResult.DeviceUse use) {
    return (use.path().equals("iommu") || use.path().equals("direct"))
        && use.hook().equals("none")
        && use.attached().equals(use.device());
  }

  static List<List<String>> devices(RunResult run) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("device", "path", "hook", "jobs", "refused", "read", "written", "copied"));
    for (RunResult.DeviceUse use : run.deviceUse()) {
      rows.add(
          List.of(
              use.device(),
              use.attached().equals(use.device())
                  ? use.path()
                  : use.path() + " of " + use.attached(),
              use.hook(),
              count(use.jobs()),
              count(use.jobsRefused()),
              size(use.readBytes()),
              size(use.writtenBytes()),
              size(use.copiedBytes())));
    }
    return rows;
  }

  /** A column a side. */
  static List<List<String>> sides(RunResult run) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(run, "side by side", RunResult.Side::name));
    rows.add(row(run, "memory held, mean", side -> size(side.heldMeanBytes())));
    rows.add(row(run, "memory held, peak", side -> size(side.heldPeakBytes())));
    rows.add(row(run, "of it pinned, mean", side -> size(side.pinnedMeanBytes())));
    rows.add(row(run, "bytes moved", side -> size(side.movedBytes())));
    rows.add(row(run, "frames", side -> count(side.frames())));
    rows.add(row(run, "frames dropped", side -> count(side.framesDropped())));
    rows.add(row(run, "jobs refused", side -> count(side.jobsRefused())));
    rows.add(row(run, "stall p99", side -> time(side.stallP99Nanos())));
    return rows;
  }

  private static List<String> row(
      RunResult run, String name, Function<RunResult.Side, String> value) {
    List<String> row = new ArrayList<>(List.of(name));
    run.sides().forEach(side -> row.add(value.apply(side)));
    return row;
  }

  static List<Object> devicesJson(RunResult run) {
    List<Object> json = new ArrayList<>();
    for (RunResult.DeviceUse use : run.deviceUse().stream().limit(JSON_DEVICES_MAX).toList()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("device", use.device());
      fields.put("path", use.path());
      fields.put("attached", use.attached());
      fields.put("hook", use.hook());
      fields.put("importer", use.dynamic() ? "dynamic" : "static");
      fields.put("jobs", use.jobs());
      fields.put("jobsRefused", use.jobsRefused());
      fields.put("readBytes", use.readBytes());
      fields.put("writtenBytes", use.writtenBytes());
      fields.put("copiedBytes", use.copiedBytes());
      json.add(fields);
    }
    return json;
  }

  static List<Object> sidesJson(RunResult run) {
    List<Object> json = new ArrayList<>();
    for (RunResult.Side side : run.sides()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", side.name());
      fields.put("heldMeanBytes", side.heldMeanBytes());
      fields.put("heldPeakBytes", side.heldPeakBytes());
      fields.put("pinnedMeanBytes", side.pinnedMeanBytes());
      fields.put("movedBytes", side.movedBytes());
      fields.put("frames", side.frames());
      fields.put("framesDropped", side.framesDropped());
      fields.put("jobsRefused", side.jobsRefused());
      fields.put("stallP99Nanos", side.stallP99Nanos());
      json.add(fields);
    }
    return json;
  }

  private UseTables() {}
}
