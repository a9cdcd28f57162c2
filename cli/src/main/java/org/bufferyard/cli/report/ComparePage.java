package org.bufferyard.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.cli.output.CompareJson;
import org.bufferyard.cli.output.Outlook;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** A comparison of policies as one {@link Page}. */
public final class ComparePage {
  public static String of(Outlook outlook) {
    return of(outlook, List.of());
  }

  /**
   * The page with a picture of what the workload does.
   *
   * @param clients of a workload made of patterns, to be drawn; empty for others
   */
  public static String of(Outlook outlook, List<Pattern> clients) {
    Map<String, Object> data = CompareJson.figures(outlook);
    data.put("runs", runs(outlook.comparison()));
    data.put("touches", Touches.of(clients));
    return Page.of("compare.html", "compare.js", data);
  }

  /** What is drawn of single runs: by size and policy, over time of the first seed. */
  private static List<Object> runs(Comparison comparison) {
    List<Object> runs = new ArrayList<>();
    for (int size = 0; size < comparison.sizes().size(); size++) {
      for (int policy = 0; policy < comparison.policies().size(); policy++) {
        Map<String, Object> run = new LinkedHashMap<>();
        RunResult first = comparison.run(size, 0, policy);
        run.put("links", first.series().links());
        run.put("moves", first.series().moves().stream().map(ComparePage::bin).toList());
        run.put("clients", first.series().evictors().clients());
        run.put("evicted", evicted(comparison, size, policy));
        run.put("replay", first.replay());
        runs.add(run);
      }
    }
    return runs;
  }

  private static List<Object> bin(RunResult.MoveBin bin) {
    return List.of(bin.atSeconds(), bin.bytes().stream().mapToLong(Long::longValue).sum());
  }

  /** Who evicted whom, over all seeds. */
  private static List<List<Long>> evicted(Comparison comparison, int size, int policy) {
    List<List<Long>> sum = comparison.run(size, 0, policy).series().evictors().bytes();
    for (int seed = 1; seed < comparison.seeds().size(); seed++) {
      sum = plus(sum, comparison.run(size, seed, policy).series().evictors().bytes());
    }
    return sum;
  }

  private static List<List<Long>> plus(List<List<Long>> some, List<List<Long>> more) {
    List<List<Long>> sum = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      List<Long> row = new ArrayList<>();
      for (int j = 0; j < some.get(i).size(); j++) {
        row.add(some.get(i).get(j) + more.get(i).get(j));
      }
      sum.add(row);
    }
    return sum;
  }

  private ComparePage() {}
}
