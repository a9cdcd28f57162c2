package org.bufferyard.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.cli.output.RunJson;
import org.bufferyard.simulator.result.RunResult;

/** A run as one {@link Page}. */
public final class HtmlReport {
  public static String of(String description, RunResult run) {
    return Page.of("report.html", "report.js", data(description, run));
  }

  private static Map<String, Object> data(String description, RunResult run) {
    Map<String, Object> data = RunJson.figures(run);
    data.put("description", description);
    data.put("jobs", run.jobs());
    data.put("jobsRefused", run.jobsRefused());
    data.put("notes", run.notes());
    data.put("replay", run.replay());
    data.put("stallPoints", run.stalls().points().stream().map(HtmlReport::point).toList());
    RunResult.Series series = run.series();
    data.put("regions", series.regions());
    data.put("occupancy", series.occupancy().stream().map(HtmlReport::sample).toList());
    data.put("links", series.links());
    data.put("moves", series.moves().stream().map(HtmlReport::bin).toList());
    data.put("evictors", evictors(series.evictors()));
    return data;
  }

  private static List<Object> point(RunResult.StallPoint point) {
    return List.of(point.percentile(), point.nanos());
  }

  private static List<Object> sample(RunResult.Occupancy sample) {
    return row(sample.atSeconds(), sample.residentBytes());
  }

  private static List<Object> bin(RunResult.MoveBin bin) {
    return row(bin.atSeconds(), bin.bytes());
  }

  private static List<Object> row(double atSeconds, List<Long> bytes) {
    List<Object> row = new ArrayList<>();
    row.add(atSeconds);
    row.addAll(bytes);
    return row;
  }

  private static Map<String, Object> evictors(RunResult.Evictors evictors) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("clients", evictors.clients());
    json.put("bytes", evictors.bytes());
    return json;
  }

  private HtmlReport() {}
}
