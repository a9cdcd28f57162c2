package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.compare.Interval;
import org.bufferyard.simulator.compare.Metric;

/** A comparison as JSON: every metric of every run, intervals, and a verdict for each pair. */
public final class CompareJson {
  public static String of(Outlook outlook) {
    return Json.indented(figures(outlook));
  }

  /** The same as a tree for {@link Json}. */
  public static Map<String, Object> figures(Outlook outlook) {
    Comparison comparison = outlook.comparison();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("description", outlook.description());
    json.put("policies", comparison.policies());
    json.put("region", outlook.region());
    json.put("vram", comparison.sizes());
    json.put("seeds", comparison.seeds());
    json.put("rankedBy", outlook.metric().label());
    json.put("against", outlook.againstName());
    json.put("wallSeconds", outlook.wallSeconds());
    json.put("violations", comparison.violations());
    json.put("metrics", metrics(comparison));
    json.put("results", results(comparison));
    json.put("pairs", pairs(comparison));
    return json;
  }

  private static Map<String, Object> metrics(Comparison comparison) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      if (comparison.has(metric)) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("title", metric.title());
        about.put("meaning", metric.meaning());
        about.put("unit", metric.unit().name().toLowerCase(Locale.ROOT));
        about.put("lowerIsBetter", metric.lowerIsBetter());
        json.put(metric.label(), about);
      }
    }
    return json;
  }

  private static List<Object> results(Comparison comparison) {
    List<Object> json = new ArrayList<>();
    for (int size = 0; size < comparison.sizes().size(); size++) {
      for (int policy = 0; policy < comparison.policies().size(); policy++) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("vram", comparison.sizes().get(size));
        result.put("policy", comparison.policies().get(policy));
        for (Metric metric : Metric.values()) {
          if (comparison.has(metric)) {
            result.put(metric.label(), figure(comparison, metric, size, policy));
          }
        }
        result.put("movedByLink", comparison.moved(size, policy));
        result.put("slowdowns", slowdowns(comparison, size, policy));
        json.add(result);
      }
    }
    return json;
  }

  private static Map<String, Object> figure(
      Comparison comparison, Metric metric, int size, int policy) {
    Interval interval = comparison.interval(metric, size, policy);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mean", interval.mean());
    json.put("low", interval.low());
    json.put("high", interval.high());
    json.put("values", Arrays.stream(comparison.values(metric, size, policy)).boxed().toList());
    return json;
  }

  /** Of each client, by seed. */
  private static List<Object> slowdowns(Comparison comparison, int size, int policy) {
    List<Object> json = new ArrayList<>();
    for (int seed = 0; seed < comparison.seeds().size(); seed++) {
      json.add(comparison.slowdowns(size, seed, policy));
    }
    return json;
  }

  /** {@code verdicts[i][j]}: policy i against policy j. */
  private static List<Object> pairs(Comparison comparison) {
    List<Object> json = new ArrayList<>();
    for (int size = 0; size < comparison.sizes().size(); size++) {
      for (Metric metric : Metric.values()) {
        if (comparison.has(metric)) {
          Map<String, Object> pair = new LinkedHashMap<>();
          pair.put("vram", comparison.sizes().get(size));
          pair.put("metric", metric.label());
          pair.put("verdicts", verdicts(comparison, metric, size));
          json.add(pair);
        }
      }
    }
    return json;
  }

  private static List<List<String>> verdicts(Comparison comparison, Metric metric, int size) {
    int count = comparison.policies().size();
    List<List<String>> rows = new ArrayList<>();
    for (int policy = 0; policy < count; policy++) {
      List<String> row = new ArrayList<>();
      for (int other = 0; other < count; other++) {
        row.add(
            comparison
                .verdict(metric, size, policy, other)
                .name()
                .toLowerCase(Locale.ROOT)
                .replace('_', ' '));
      }
      rows.add(row);
    }
    return rows;
  }

  private CompareJson() {}
}
