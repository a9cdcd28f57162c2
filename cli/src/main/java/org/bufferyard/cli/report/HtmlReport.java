package org.bufferyard.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.cli.output.Json;
import org.bufferyard.cli.output.RunJson;
import org.bufferyard.simulator.result.RunResult;

/**
 * A run as one HTML page that needs no network: page, style, script, chart library, and the data as
 * a JSON island that {@link Json} keeps from ending its element. The script shows names as text,
 * never as markup.
 */
public final class HtmlReport {
  private static final String PAGE = "report.html";

  /** Names in the page that stand for a file to be inlined: {@code {{report.css}}}. */
  private static final List<String> INLINED = List.of("report.css", "report.js", "echarts.min.js");

  public static String of(String description, RunResult run) {
    String page = resource(PAGE);
    for (String name : INLINED) {
      page = page.replace("{{" + name + "}}", resource(name));
    }
    return page.replace("{{run.json}}", Json.compact(data(description, run)));
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

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException("unreadable resource " + name, unreadable);
    }
  }

  private HtmlReport() {}
}
