package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.result.RunResult;

/** The figures of a run as JSON. The fields and their order are part of the command's contract. */
public final class RunJson {
  /** Kinds of requests, in the order in which they are written; one that did not occur is 0. */
  static final List<String> REQUESTS =
      List.of("export", "attach", "map", "unmap", "pin", "cpuAccess", "release");

  public static String of(RunResult run) {
    return Json.indented(figures(run));
  }

  /** The same as a tree for {@link Json}. */
  public static Map<String, Object> figures(RunResult run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("scenario", run.scenario());
    json.put("policy", run.policy());
    json.put("seed", run.seed());
    json.put("mode", run.mode());
    json.put("contents", run.contents());
    json.put("wallSeconds", run.wallSeconds());
    json.put("virtualSeconds", run.virtualSeconds());
    json.put("buffers", run.buffers());
    json.put("devices", run.devices());
    json.put("requests", requests(run));
    json.put("replies", run.replies());
    json.put("refused", run.refused());
    json.put("evictions", run.evictions());
    json.put("migrations", run.migrations());
    json.put("bytesMoved", run.bytesMoved());
    json.put("refaults", run.refaults());
    json.put("pingPongs", run.pingPongs());
    json.put("stallNanos", stalls(run.stalls()));
    json.put("residency", residency(run.residency()));
    json.put("verifiedPages", run.verifiedPages());
    json.put("violations", violations(run.violations()));
    json.put("eventsPerSecond", run.eventsPerSecond());
    json.put("events", run.events());
    json.put("eventHash", run.eventHash());
    json.put("choosing", choosing(run.choosing()));
    json.put("deviceUse", UseTables.devicesJson(run));
    json.put("sides", UseTables.sidesJson(run));
    json.put("clients", run.clients().stream().map(RunJson::client).toList());
    json.put("measures", CauseTables.measures(run));
    json.put("shadows", CauseTables.shadowsJson(run));
    json.put("causes", CauseTables.json(run));
    return json;
  }

  static Map<String, Long> requests(RunResult run) {
    Map<String, Long> requests = new LinkedHashMap<>();
    REQUESTS.forEach(kind -> requests.put(kind, run.requests().getOrDefault(kind, 0L)));
    return requests;
  }

  private static Map<String, Object> client(RunResult.ClientUse client) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("client", client.client());
    json.put("jobs", client.jobs());
    json.put("jobsRefused", client.jobsRefused());
    json.put("meanTurnaroundNanos", client.meanTurnaroundNanos());
    json.put("p99TurnaroundNanos", client.p99TurnaroundNanos());
    return json;
  }

  private static Map<String, Object> stalls(RunResult.Stalls stalls) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("p50", stalls.p50Nanos());
    json.put("p99", stalls.p99Nanos());
    json.put("p999", stalls.p999Nanos());
    json.put("max", stalls.maxNanos());
    return json;
  }

  private static Map<String, Object> residency(Map<String, RunResult.Residency> residency) {
    Map<String, Object> json = new LinkedHashMap<>();
    residency.forEach(
        (region, bytes) -> {
          Map<String, Object> figures = new LinkedHashMap<>();
          figures.put("peakBytes", bytes.peakBytes());
          figures.put("meanBytes", bytes.meanBytes());
          figures.put("capacityBytes", bytes.capacityBytes());
          json.put(region, figures);
        });
    return json;
  }

  private static Map<String, Object> choosing(Map<String, RunResult.Choosing> choosing) {
    Map<String, Object> json = new LinkedHashMap<>();
    choosing.forEach(
        (region, steps) -> {
          Map<String, Object> figures = new LinkedHashMap<>();
          figures.put("demands", steps.demands());
          figures.put("victims", steps.victims());
          figures.put("scanned", steps.scanned());
          figures.put("updates", steps.updates());
          figures.put("scannedPerVictim", steps.scannedPerVictim());
          figures.put("updatesPerVictim", steps.updatesPerVictim());
          json.put(region, figures);
        });
    return json;
  }

  private static List<Object> violations(List<RunResult.Violation> violations) {
    List<Object> json = new ArrayList<>();
    for (RunResult.Violation violation : violations) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("atSeconds", violation.atSeconds());
      fields.put("rule", violation.rule());
      fields.put("buffer", violation.buffer());
      fields.put("text", violation.text());
      fields.put("history", violation.history());
      json.add(fields);
    }
    return json;
  }

  private RunJson() {}
}
