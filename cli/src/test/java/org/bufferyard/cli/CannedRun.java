package org.bufferyard.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.RunResult;

/** Results of runs that never were, for tests of what is made of them. */
public final class CannedRun {
  /** A name that would end the data island, open an element, and break a JavaScript string. */
  public static final String HOSTILE = "</script><img src=x onerror=\"alert(1)\">'&\u2028";

  public static RunResult clean() {
    return of("desktop", List.of(), List.of("game", "browser"));
  }

  public static RunResult violated() {
    RunResult.Violation violation =
        new RunResult.Violation(
            1.25, "page-content", "42", "page 7 holds tag 3, not 4", List.of("Map #9", "Moved"));
    return of("desktop", List.of(violation), List.of("game", "browser"));
  }

  /** Names from files, wherever a result has names. */
  public static RunResult hostile() {
    RunResult.Violation violation =
        new RunResult.Violation(1, HOSTILE, HOSTILE, HOSTILE, List.of(HOSTILE));
    return of(HOSTILE, List.of(violation), List.of(HOSTILE, "browser"));
  }

  private static RunResult of(
      String scenario, List<RunResult.Violation> violations, List<String> clients) {
    return new RunResult(
        scenario,
        "lru",
        7,
        "deterministic",
        "tags",
        0.5,
        10,
        12,
        4,
        counts("export", 12, "attach", 20, "map", 1234, "unmap", 1234, "release", 12),
        2512,
        counts("ENOSPC", 3),
        1000,
        1,
        56,
        78,
        counts("VRAM->GTT", 3L << 20, "GTT->VRAM", 1L << 20),
        9,
        2,
        new RunResult.Stalls(
            0,
            1_250_000,
            8_000_000,
            9_000_000,
            List.of(
                new RunResult.StallPoint(0, 0),
                new RunResult.StallPoint(50, 0),
                new RunResult.StallPoint(99, 1_250_000),
                new RunResult.StallPoint(100, 9_000_000))),
        Map.of("VRAM", new RunResult.Residency(192L << 20, 96L << 20, 192L << 20)),
        Map.of("VRAM", new RunResult.Choosing(40, 50, 125, 875)),
        5678,
        violations,
        200_000,
        100_000,
        "0123456789abcdef",
        List.of(
            new RunResult.DeviceUse(
                "display", "tiler", "display", "flush", false, 12, 1, 1 << 20, 0, 0),
            new RunResult.DeviceUse(
                "audio", "bounce", "audio", "none", false, 3, 0, 4096, 0, 4096)),
        List.of(
            new RunResult.Side("static", 10 << 20, 12 << 20, 9 << 20, 0, 60, 15, 4, 0),
            new RunResult.Side(
                "dynamic", 8 << 20, 12 << 20, 1 << 20, 5 << 20, 60, 2, 0, 1_500_000)),
        clients.stream()
            .map(client -> new RunResult.ClientUse(client, 500, 1, 2_500_000, 9_000_000))
            .toList(),
        counts("GTT->VRAM", 1L << 20),
        List.of("nothing to note"),
        series(clients),
        "./bufferyard run desktop --seed 7 --deterministic",
        findings(clients));
  }

  /** The browser's demand evicted a buffer of the first client, which paid for its return. */
  private static Findings findings(List<String> clients) {
    Findings.Eviction eviction =
        new Findings.Eviction(
            1.5,
            17,
            "buffer-3",
            "browser",
            2_000,
            "buffer-1",
            clients.getFirst(),
            1 << 20,
            "VRAM",
            "GTT",
            "came-back",
            40_000_000,
            40_000_000,
            clients.getFirst(),
            250_000,
            true);
    return new Findings(
        new Findings.Causes(
            60,
            2,
            List.of(eviction),
            List.of(
                new Findings.UselessMoves(clients.getFirst(), "evicted", "VRAM->GTT", 3, 3 << 20)),
            List.of(0L, 2_000L),
            List.of(List.of(0L, 0L), List.of(250_000L, 0L))),
        new Findings.Measures(
            900,
            0.75,
            0.125,
            4_000_000,
            1_000,
            0,
            Double.NaN,
            new Findings.Regret(3 << 20, 2 << 20, false, 900)),
        List.of(
            new Findings.Shadow("lru (ruling)", 900, 90, 9 << 20, 56, 5 << 20),
            new Findings.Shadow("sieve", 900, 45, 4 << 20, 40, 4 << 20)));
  }

  private static RunResult.Series series(List<String> clients) {
    return new RunResult.Series(
        List.of("VRAM"),
        List.of(
            new RunResult.Occupancy(0.5, List.of(1L << 20)),
            new RunResult.Occupancy(1, List.of(2L << 20))),
        List.of("VRAM->GTT"),
        List.of(
            new RunResult.MoveBin(0.5, List.of(0L)), new RunResult.MoveBin(1, List.of(1L << 20))),
        new RunResult.Evictors(clients, List.of(List.of(0L, 5L), List.of(7L, 0L))),
        List.of(),
        List.of());
  }

  /** Names and numbers in turn. */
  private static Map<String, Long> counts(Object... namesAndNumbers) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < namesAndNumbers.length; i += 2) {
      counts.put((String) namesAndNumbers[i], ((Number) namesAndNumbers[i + 1]).longValue());
    }
    return counts;
  }

  private CannedRun() {}
}
