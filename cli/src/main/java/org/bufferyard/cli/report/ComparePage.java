package org.bufferyard.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.cli.output.CompareJson;
import org.bufferyard.cli.output.Outlook;
import org.bufferyard.simulator.compare.Comparison;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.Findings.UselessMoves;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.workload.WorkloadSpec.Pattern;

/** A comparison of policies as one {@link Page}. */
public final class ComparePage {
  private static final int USELESS_MAX = 3;

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
        run.put("returns", returns(comparison, size, policy));
        run.put("waits", waits(comparison, size, policy));
        run.put("useless", useless(comparison, size, policy));
        run.put("phases", first.series().phases().stream().map(ComparePage::phase).toList());
        run.put("stalls", first.series().stalls().stream().map(ComparePage::point).toList());
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

  /** Whose evictions made whom wait for a return, over all seeds. */
  private static List<List<Long>> returns(Comparison comparison, int size, int policy) {
    List<List<Long>> sum = causes(comparison, size, 0, policy).returnNanos();
    for (int seed = 1; seed < comparison.seeds().size(); seed++) {
      sum = plus(sum, causes(comparison, size, seed, policy).returnNanos());
    }
    return sum;
  }

  /** What each client waited for victims to leave, over all seeds. */
  private static List<Long> waits(Comparison comparison, int size, int policy) {
    List<List<Long>> sum = List.of(causes(comparison, size, 0, policy).waitNanos());
    for (int seed = 1; seed < comparison.seeds().size(); seed++) {
      sum = plus(sum, List.of(causes(comparison, size, seed, policy).waitNanos()));
    }
    return sum.getFirst();
  }

  private static Findings.Causes causes(Comparison comparison, int size, int seed, int policy) {
    return comparison.run(size, seed, policy).findings().causes();
  }

  /** By owner, reason and link, over all seeds: count and bytes. */
  private static List<Object> useless(Comparison comparison, int size, int policy) {
    Map<String, UselessMoves> sums = new TreeMap<>();
    for (int seed = 0; seed < comparison.seeds().size(); seed++) {
      for (UselessMoves moves : causes(comparison, size, seed, policy).useless()) {
        sums.merge(
            moves.owner() + "\0" + moves.why() + "\0" + moves.link(),
            moves,
            (one, other) ->
                new UselessMoves(
                    one.owner(),
                    one.why(),
                    one.link(),
                    one.count() + other.count(),
                    one.bytes() + other.bytes()));
      }
    }
    return sums.values().stream()
        .sorted(Comparator.comparingLong(UselessMoves::bytes).reversed())
        .limit(USELESS_MAX)
        .map(
            moves ->
                (Object)
                    List.of(moves.owner(), moves.why(), moves.link(), moves.count(), moves.bytes()))
        .toList();
  }

  private static List<Object> phase(RunResult.PhaseMark phase) {
    return List.of(phase.name(), phase.atSeconds());
  }

  private static List<Object> point(RunResult.StallMean mean) {
    return List.of(mean.atSeconds(), mean.meanNanos());
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
