package org.bufferyard.cli.output;

import static org.bufferyard.cli.output.Figures.count;
import static org.bufferyard.cli.output.Figures.size;
import static org.bufferyard.cli.output.Figures.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.Findings.Causes;
import org.bufferyard.simulator.result.Findings.Eviction;
import org.bufferyard.simulator.result.RunResult;

/** Why buffers were evicted and what became of them: for people, as JSON, and as CSV. */
public final class CauseTables {
  private static final int SHOWN_MAX = 6;

  /** What became of the evicted, the useless moves, what other policies would have done. */
  static List<List<List<String>>> of(RunResult run) {
    List<List<List<String>>> tables = new ArrayList<>();
    Findings findings = run.findings();
    if (!findings.causes().evictions().isEmpty()) {
      tables.add(fates(findings.causes().evictions()));
    }
    if (!findings.causes().useless().isEmpty()) {
      tables.add(useless(findings.causes()));
    }
    if (!findings.shadows().isEmpty()) {
      tables.add(shadows(findings.shadows()));
    }
    return tables;
  }

  private static List<List<String>> fates(List<Eviction> evictions) {
    Map<String, List<Eviction>> byFate = new TreeMap<>();
    evictions.forEach(
        each -> byFate.computeIfAbsent(each.fate(), fate -> new ArrayList<>()).add(each));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("evicted, and then", "evictions", "bytes", "after, mean", "cost, mean"));
    byFate.forEach(
        (fate, some) ->
            rows.add(
                List.of(
                    fate,
                    count(some.size()),
                    size(some.stream().mapToLong(Eviction::sizeBytes).sum()),
                    time(mean(some, true)),
                    fate.equals("came-back") ? time(mean(some, false)) : "-")));
    return rows;
  }

  private static long mean(List<Eviction> some, boolean after) {
    return Math.round(
        some.stream()
            .mapToLong(each -> after ? each.afterNanos() : each.costNanos())
            .average()
            .orElse(0));
  }

  private static List<List<String>> useless(Causes causes) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("useless moves", "link", "moves", "bytes"));
    causes.useless().stream()
        .sorted(Comparator.comparingLong(Findings.UselessMoves::bytes).reversed())
        .limit(SHOWN_MAX)
        .forEach(
            each ->
                rows.add(
                    List.of(
                        each.owner() + "'s, " + each.why(),
                        each.link(),
                        count(each.count()),
                        size(each.bytes()))));
    return rows;
  }

  private static List<List<String>> shadows(List<Findings.Shadow> shadows) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "would have, without pins, fences, shares",
            "uses",
            "missed",
            "bytes",
            "evicted",
            "bytes"));
    for (Findings.Shadow shadow : shadows) {
      rows.add(
          List.of(
              shadow.policy(),
              count(shadow.uses()),
              count(shadow.misses()),
              size(shadow.missBytes()),
              count(shadow.evictions()),
              size(shadow.evictedBytes())));
    }
    return rows;
  }

  /** Every eviction in the list, with its cause, who paid, and its fate. */
  static Map<String, Object> json(RunResult run) {
    Causes causes = run.findings().causes();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("movesJudged", causes.moves());
    json.put("uselessShare", causes.uselessShare());
    json.put("useless", causes.useless().stream().map(CauseTables::useless).toList());
    json.put("clients", run.series().evictors().clients());
    json.put("evictedBytes", run.series().evictors().bytes());
    json.put("waitNanos", causes.waitNanos());
    json.put("returnNanos", causes.returnNanos());
    json.put("evictionsLeftOut", causes.leftOut());
    json.put("evictions", causes.evictions().stream().map(CauseTables::json).toList());
    return json;
  }

  private static Map<String, Object> useless(Findings.UselessMoves moves) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("owner", moves.owner());
    json.put("why", moves.why());
    json.put("link", moves.link());
    json.put("count", moves.count());
    json.put("bytes", moves.bytes());
    return json;
  }

  private static Map<String, Object> json(Eviction each) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("atSeconds", each.atSeconds());
    json.put("demand", each.demand());
    json.put("wanted", each.wanted());
    json.put("client", each.client());
    json.put("waitNanos", each.waitNanos());
    json.put("buffer", each.buffer());
    json.put("owner", each.owner());
    json.put("sizeBytes", each.sizeBytes());
    json.put("from", each.from());
    json.put("to", each.to());
    json.put("fate", each.fate());
    json.put("afterNanos", each.afterNanos());
    json.put("usedAfterNanos", each.usedAfterNanos());
    json.put("paidBy", each.paidBy());
    json.put("costNanos", each.costNanos());
    json.put("pingPong", each.pingPong());
    return json;
  }

  /** The same list as CSV; -1 in {@code usedAfterNanos}: never again. */
  public static String csv(RunResult run) {
    StringBuilder text = new StringBuilder();
    List<Eviction> evictions = run.findings().causes().evictions();
    text.append(
            "atSeconds,demand,wanted,client,waitNanos,buffer,owner,sizeBytes,from,to,fate,afterNanos,")
        .append("usedAfterNanos,paidBy,costNanos,pingPong\n");
    for (Eviction each : evictions) {
      List<String> cells = new ArrayList<>();
      json(each).values().forEach(value -> cells.add(CsvText.quoted(String.valueOf(value))));
      text.append(String.join(",", cells)).append('\n');
    }
    return text.toString();
  }

  /** The measures that need the whole run, and the shadows. */
  static Map<String, Object> measures(RunResult run) {
    Findings.Measures measures = run.findings().measures();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("uses", measures.uses());
    json.put("useWeightedResidency", measures.useWeighted());
    json.put("fragmentation", measures.fragmentation());
    json.put("recoveryNanos", measures.recoveryNanos());
    json.put("steadyStallNanos", measures.stallSteadyNanos());
    json.put("refusedThoughFeasible", measures.refusedFeasible());
    json.put("protectionBroken", measures.protectionBroken());
    Findings.Regret regret = measures.regret();
    if (regret != null) {
      Map<String, Object> bound = new LinkedHashMap<>();
      bound.put("costBytes", regret.costBytes());
      bound.put("boundBytes", regret.boundBytes());
      bound.put("exact", regret.exact());
      bound.put("accesses", regret.accesses());
      bound.put("factor", regret.factor());
      json.put("regret", bound);
    }
    return json;
  }

  static List<Object> shadowsJson(RunResult run) {
    List<Object> json = new ArrayList<>();
    for (Findings.Shadow shadow : run.findings().shadows()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("policy", shadow.policy());
      fields.put("uses", shadow.uses());
      fields.put("misses", shadow.misses());
      fields.put("missBytes", shadow.missBytes());
      fields.put("evictions", shadow.evictions());
      fields.put("evictedBytes", shadow.evictedBytes());
      json.add(fields);
    }
    return json;
  }

  private CauseTables() {}
}
