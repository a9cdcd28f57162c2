package org.bufferyard.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.allocator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal is one line that names file, line, key, value and what is legal. */
class ScenarioBadInputTest {
  private static final String SOUND =
      """
      duration = 1 s
      policy = lru
      workload { kind = importers, devices = 2, buffers = 4 }
      regions {
        VRAM { size = 1 MiB }
        SYSTEM { size = 4 MiB }
        GTT { size = 2 MiB, window-of = SYSTEM }
        SWAP { size = 4 MiB, swap-file = true }
      }
      links { pcie { between = [VRAM, GTT], rate = 1 GiB/s } }
      iommus { host { address-bits = 40 } }
      devices { importer { count = 2, iommu = host, reaches = [VRAM, GTT] } }
      limits { moves-in-flight = 4 }
      manage { spill = true }
      """;

  private final Scenarios scenarios = new Scenarios(List.of("lru", "clock"));

  @TempDir private Path folder;

  @Test
  void parseFile_sound_isAccepted() {
    Scenario scenario = ScenariosTest.done(parse(SOUND));
    assertThat(scenario.name()).isEqualTo("s");
    assertThat(scenario.devices()).hasSize(2);
  }

  /** The sound text with one part replaced, and what the refusal says. */
  static Stream<Arguments> badEdits() {
    return Stream.of(
        edit("duration = 1 s", "duration = 0 s", "s.conf:1: duration: '0 s' is not a time of 1 ms"),
        edit("duration = 1 s", "duration = -1 s", "s.conf:1: duration: '-1 s'"),
        edit("duration = 1 s", "duration = 1", "s.conf:1: duration: '1' is not a time"),
        edit("duration = 1 s", "duration = 1 fortnight", "one of ns us ms s"),
        edit("duration = 1 s", "duration = 1 m", "s.conf:1: duration: '1 m'"),
        edit("duration = 1 s", "duration = 25000000000 s", "s.conf:1: duration: '25000000000 s'"),
        edit("duration = 1 s", "duration = [1 s]", "s.conf:1: duration", "a single value"),
        edit("duration = 1 s", "duration { a = 1 }", "s.conf:1: duration", "a single value"),
        edit("duration = 1 s", "durations = 1 s", "s.conf:1: durations: unknown key", "duration"),
        edit("policy = lru", "policy = best", "s.conf:2: policy: 'best'", "one of lru, clock"),
        edit("policy = lru", "contents = bits", "s.conf:2: contents: 'bits'", "bytes, tags"),
        edit("policy = lru", "bring-back = maybe", "s.conf:2: bring-back: 'maybe'", "budget"),
        edit("spill = true", "spill = 2", "s.conf:14: manage.spill: '2'", "true or false"),
        edit("spill = true", "budget = big", "s.conf:14: manage.budget: 'big'", "rate, amdgpu"),
        edit("spill = true", "budget-rate = 1 MiB", "s.conf:14: manage.budget-rate: '1 MiB'"),
        edit(
            "spill = true",
            "evict-ahead = 2 MiB",
            "manage.evict-ahead",
            "at most the size of VRAM"),
        edit("spill = true", "shares { x { min = 1 B } }", "manage.shares: 'x'", "of client-0"),
        edit(
            "spill = true",
            "shares { client-0 { min = 8 KiB, low = 4 KiB } }",
            "s.conf:14: manage.shares.client-0.min: '8192 B'",
            "at most low, which is 4096 B"),
        edit(
            "spill = true",
            "shares { client-0 { low = 8 KiB, max = 4 KiB } }",
            "s.conf:14: manage.shares.client-0.max: '4096 B'",
            "at least low, which is 8192 B"),
        edit(
            "spill = true",
            "shares { client-0 { min = 8 KiB, max = 4 KiB } }",
            "s.conf:14: manage.shares.client-0.max: '4096 B'",
            "at least min, which is 8192 B"),
        edit("spill = true", "shares { client-0 { max = 1 B } }", "client-0.max: '1 B'"),
        edit(
            "spill = true",
            "shares { client-0 { low = 600 KiB }, client-1 { low = 600 KiB } }",
            "manage.shares.client-1.low: 'a sum of 1228800 B'",
            "together at most VRAM, which has 1048576 B"),
        edit("spill = true", "shares { client-0 { most = 1 B } }", "client-0.most: unknown key"),
        edit(
            "spill = true",
            "foreground { low = 4 KiB }",
            "s.conf:14: manage.foreground.turns: is missing"),
        edit("spill = true", "wddm-budget = foreground", "manage.foreground.turns: is missing"),
        edit(
            "spill = true", "wddm-budget = most", "wddm-budget: 'most'", "none, equal, foreground"),
        edit("spill = true", "wddm-foreground-percent = 100", "percent: '100'", "1 to 99"),
        edit(
            "spill = true",
            "foreground { turns = [client-2 0 s] }",
            "s.conf:14: manage.foreground.turns: 'client-2 0 s'",
            "a client of client-0, client-1"),
        edit(
            "spill = true",
            "foreground { turns = [client-1 soon] }",
            "manage.foreground.turns: 'client-1 soon'",
            "for example client-1 200 ms"),
        edit("spill = true", "foreground { turns = [client-1] }", "turns: 'client-1'", "200 ms"),
        edit(
            "spill = true",
            "foreground { turns = [client-1 5 ms, client-0 5 ms] }",
            "manage.foreground.turns: 'client-0 5 ms'",
            "later than the turn before it"),
        edit(
            "spill = true",
            "foreground { turns = [client-1 5 ms], every = 5 ms }",
            "manage.foreground.every: '5000000 ns'",
            "more than the time of the last turn"),
        edit(
            "spill = true",
            "foreground { turns = [client-1 0 s], low = 600 KiB }, background { low = 500 KiB }",
            "manage.foreground.low: 'a sum of 1126400 B'",
            "together at most VRAM"),
        edit(
            "spill = true",
            "background { low = 600 KiB }",
            "manage.background.low: 'a sum of 1228800 B'"),
        edit(
            "spill = true",
            "background { max = 4 KiB }, shares { client-0 { low = 8 KiB } }",
            "manage.shares.client-0.low: '8192 B'",
            "at most manage.background.max, which is 4096 B"),
        edit(
            "spill = true",
            "foreground { low = 8 KiB, turns = [client-0 0 s] }, shares { client-0 { max = 4 KiB } }",
            "manage.shares.client-0.max: '4096 B'",
            "at least manage.foreground's low, which is 8192 B"),
        edit(
            "spill = true",
            "watermark-low = 8 KiB, watermark-high = 4 KiB",
            "s.conf:14: manage.watermark-low: '8192 B'",
            "at most watermark-high, which is 4096 B"),
        edit(
            "spill = true",
            "watermark-low = 2 MiB",
            "s.conf:14: manage.watermark-low: '2097152 B'",
            "at most the size of VRAM, which has 1048576 B"),
        edit("spill = true", "watermark-low = 101 %", "manage.watermark-low", "size of VRAM"),
        edit("spill = true", "watermark-low = -1 B", "s.conf:14: manage.watermark-low: '-1 B'"),
        edit(
            "spill = true",
            "watermark-high = 4 KiB",
            "s.conf:14: manage.watermark-high: '4096 B'",
            "only with a watermark-low"),
        edit("spill = true", "pins { per-buffer = 0 }", "manage.pins.per-buffer: '0'", "1 to"),
        edit("spill = true", "pins { per-client = 1 B }", "manage.pins.per-client: '1 B'"),
        edit("spill = true", "pins { per-yard = 1 B }", "manage.pins.per-yard: unknown key"),
        edit("spill = true", "trim = 1 ns", "s.conf:14: manage.trim: '1 ns'", "100 us to 86400 s"),
        edit("spill = true", "thrash = stop", "s.conf:14: manage.thrash: 'stop'", "throttle, pin"),
        edit("spill = true", "thrash-window = 0 s", "s.conf:14: manage.thrash-window: '0 s'"),
        edit(
            "spill = true", "importers = all", "s.conf:14: manage.importers: 'all'", "own, static"),
        edit(
            "spill = true", "range-scan = 1", "s.conf:14: manage.range-scan: '1'", "true or false"),
        edit(
            "spill = true",
            "defragment = always",
            "s.conf:14: manage.defragment: 'always'",
            "one of never, on-demand, background"),
        edit("spill = true", "defragment-budget = 0 B", "manage.defragment-budget: '0 B'"),
        edit("spill = true", "defragment-period = 0 s", "manage.defragment-period: '0 s'"),
        edit("between = [VRAM, GTT]", "within = GTT", "links.pcie.within: 'GTT'", "SYSTEM, VRAM"),
        edit("between = [VRAM, GTT]", "within = SWAP", "links.pcie.within: 'SWAP'", "SYSTEM, VRAM"),
        edit(
            "between = [VRAM, GTT]",
            "between = [VRAM, GTT], within = VRAM",
            "links.pcie.between",
            "unless within names one"),
        edit(
            "GiB/s } }",
            "GiB/s }, a { within = VRAM }, b { within = VRAM } }",
            "links.b.within",
            "one link per pair"),
        edit("policy = lru", "include \"/etc/passwd\"", "s.conf:2: include '/etc/passwd'"),
        edit("policy = lru", "include file(\"/etc/passwd\")", "s.conf:2: include"),
        edit("policy = lru", "include url(\"http://localhost:1/\")", "s.conf:2: include"),
        edit("policy = lru", "include classpath(\"reference.conf\")", "s.conf:2: include"),
        edit("policy = lru", "policy = ${HOME}", "s.conf:2: substitutions are not read"),
        edit("policy = lru", "policy = ${?HOME}", "s.conf:2: substitutions are not read"),
        edit("policy = lru", "policy = \"lru", "s.conf:2: not HOCON"),
        edit("kind = importers, ", "", "s.conf:3: workload.kind: is missing"),
        edit("kind = importers", "kind = exporters", "workload.kind: 'exporters'", "pipeline"),
        edit("kind = importers", "kind = trace", "workload.kind: 'trace'", "needs --trace FILE"),
        edit("kind = importers", "kind = desktop", "workload.buffers: unknown key"),
        edit("devices = 2", "devices = 0", "workload.devices: '0'", "1 to 100000"),
        edit("devices = 2", "devices = 3", "a device named importer-2"),
        edit("devices = 2", "devices = 2.5", "workload.devices: '2.5'"),
        edit("devices = 2", "devices = 99999999999", "workload.devices: '99999999999'"),
        edit("buffers = 4", "buffers = 4, shared-by = 3", "workload.shared-by: '3'", "1 to 2"),
        edit("buffers = 4", "buffers = 4, write-percent = 101", "write-percent: '101'", "0 to 100"),
        edit("buffers = 4", "buffers = 10000000, buffer-size = 16 GiB", "workload.buffers", "1024"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 0 B }", "s.conf:5: regions.VRAM.size: '0 B'"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 1 MB }", "'1 MB'", "one of B KiB MiB GiB"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 1.5 MiB }", "regions.VRAM.size: '1.5 MiB'"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 5000 B }", "'5000 B'", "multiple of 4 KiB"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = -1 MiB }", "regions.VRAM.size: '-1 MiB'"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 9999999999 GiB }", "'9999999999 GiB'"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 0 % }", "'0 %'", "1 % to 9999 %"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 99999 % }", "'99999 %'"),
        edit("VRAM { size = 1 MiB }", "VRAM { }", "s.conf:5: regions.VRAM.size: is missing"),
        edit("VRAM { size = 1 MiB }", "VRAM = 1 MiB", "s.conf:5: regions.VRAM", "a section"),
        edit("VRAM { size = 1 MiB }", "\"V R\" { size = 1 MiB }", "a name of 1 to 32"),
        edit("window-of = SYSTEM", "window-of = SYSTEMS", "window-of: 'SYSTEMS'", "one of GTT"),
        edit("window-of = SYSTEM", "window-of = GTT", "s.conf:7: regions.GTT.window-of: 'GTT'"),
        edit("window-of = SYSTEM", "window-of = SWAP", "window-of: 'SWAP'", "no swap file"),
        edit("swap-file = true", "swap-file = maybe", "s.conf:8: regions.SWAP.swap-file: 'maybe'"),
        edit("[VRAM, GTT], rate", "[VRAM, GDDR], rate", "s.conf:10: links.pcie.between: 'GDDR'"),
        edit("[VRAM, GTT], rate", "[VRAM], rate", "links.pcie.between", "two different regions"),
        edit("[VRAM, GTT], rate", "[VRAM, VRAM], rate", "links.pcie.between", "distinct"),
        edit("rate = 1 GiB/s", "rate = 1 GiB", "links.pcie.rate: '1 GiB'", "12 GiB/s"),
        edit("rate = 1 GiB/s", "rate = 0 B/s", "links.pcie.rate: '0 B'"),
        edit("rate = 1 GiB/s", "latency = 2 s", "links.pcie.latency: '2 s'", "0 ns to 1 s"),
        edit(
            "GiB/s } }",
            "GiB/s }, b { between = [GTT, VRAM] } }",
            "links.pcie.between",
            "one link per pair"),
        edit(
            "address-bits = 40", "address-bits = 64", "iommus.host.address-bits: '64'", "21 to 57"),
        edit("iommu = host", "iommu = guest", "devices.importer.iommu: 'guest'", "one of host"),
        edit("reaches = [VRAM, GTT]", "reaches = []", "importer can reach no region"),
        edit(", reaches = [VRAM, GTT]", "", "importer can reach no region"),
        edit("reaches = [VRAM, GTT]", "reaches = [SWAP]", "reaches: 'SWAP'", "GTT, SYSTEM, VRAM"),
        edit("count = 2", "count = 0", "devices.importer.count: '0'"),
        edit("count = 2", "count = 2, dma-mask-bits = 65", "dma-mask-bits: '65'", "12 to 64"),
        edit("count = 2", "count = 2, max-segment = 1 KiB", "max-segment: '1 KiB'"),
        edit("count = 2", "count = 2, boundary = 12 KiB", "boundary", "power of two"),
        edit("count = 2", "count = 2, max-segments = 0", "max-segments: '0'"),
        edit("count = 2", "count = 2, importer = lazy", "importer: 'lazy'", "dynamic, static"),
        edit("count = 2", "count = 2, kind = tpu", "kind: 'tpu'", "one of gpu, igpu"),
        edit("count = 2", "count = 2, align = 12 KiB", "align", "a power of two"),
        edit("count = 2", "count = 2, path = tiler", "path: 'tiler'", "absent for a device with"),
        edit("iommu = host", "path = dma", "path: 'dma'", "direct, bounce, tiler, cpu"),
        edit("iommu = host", "path = cpu", "reaches: 'VRAM,GTT'", "without DMA"),
        edit("count = 2", "count = 2, hook = wash", "hook: 'wash'", "none, flush, copy, retile"),
        edit("count = 2", "count = 2, mapping-limit = 1 B", "mapping-limit: '1 B'"),
        edit("count = 2", "count = 2, staging = 1 B", "staging: '1 B'"),
        edit("count = 2", "count = 2, attach = leaf", "attach", "only for a device behind another"),
        edit("count = 2", "count = 2, behind = hub", "behind: 'hub'", "one of importer"),
        edit(
            "iommu = host, reaches = [VRAM, GTT]",
            "behind = importer",
            "behind: 'importer'",
            "does DMA of its own"),
        edit("VRAM { size = 1 MiB }", "VRAM { size = 1 MiB, heap = cma }", "heap: 'cma'", "vram"),
        edit("window-of = SYSTEM", "window-of = SYSTEM, heap = vram", "absent for a window"),
        edit("count = 2", "count = 2, queue-depth = -1", "queue-depth: '-1'"),
        edit("count = 2", "count = 100001", "devices.importer.count: '100001'"),
        edit(
            "devices { ", "devices { a { count = 99999, reaches = [VRAM] }, ", "100000 devices in"),
        edit("moves-in-flight = 4", "moves-in-flight = 0", "limits.moves-in-flight: '0'"),
        edit("moves-in-flight = 4", "invalidate-report = 6 s", "at most invalidate-deadline"),
        edit("moves-in-flight = 4", "retries = 4", "s.conf:13: limits.retries: unknown key"),
        edit("policy = lru", "a = " + "[".repeat(33), "nested deeper than 32"),
        edit("policy = lru", "policy = " + "l".repeat(1_000), "s.conf:2: line longer than 1000"),
        edit("policy = lru", "\u0007 = 1", "s.conf:2: \\u0007: unknown key"),
        edit("regions {", "regions2 {", "at least one region"));
  }

  private static Arguments edit(String part, String instead, String... expected) {
    assertThat(SOUND).contains(part);
    return Arguments.of(SOUND.replace(part, instead), List.of(expected));
  }

  @ParameterizedTest
  @MethodSource("badEdits")
  void parseFile_bad_saysWhereAndWhat(String text, List<String> expected) {
    assertThat(refused(parse(text))).contains(expected);
  }

  @Test
  void parseFile_filesThatAreNoScenarios_areRefused() throws IOException {
    assertThat(refused(parse(""))).contains("s.conf", "workload.kind: is missing");
    assertThat(refused(parse("[1, 2]"))).contains("s.conf");
    assertThat(refused(parse("x".repeat(300_000)))).contains("longer than 262144 bytes");
    assertThat(refused(scenarios.parseFile(folder, List.of()))).contains("no such regular file");
    assertThat(refused(scenarios.parseFile(folder.resolve("none"), List.of())))
        .contains("no such regular file");
    Path binary = Files.write(folder.resolve("b.conf"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
    assertThat(refused(scenarios.parseFile(binary, List.of()))).contains("b.conf: is not UTF-8");
  }

  static Stream<Arguments> badSettings() {
    return Stream.of(
        Arguments.of("nonsense", "--set 'nonsense': is not of the form key=value"),
        Arguments.of("=1", "--set '=1': is not of the form key=value"),
        Arguments.of("a..b=1", "--set 'a..b': is not a key"),
        Arguments.of("durations=1 s", "--set durations: unknown key"),
        Arguments.of("duration=0 s", "--set duration: '0 s' is not a time"),
        Arguments.of("duration=", "--set duration: ''"),
        Arguments.of("regions.VRAM.size=0 B", "--set regions.VRAM.size: '0 B'"),
        Arguments.of("regions.VRAM.sizes=4 KiB", "--set regions.VRAM.sizes: unknown key"),
        Arguments.of("regions.VRAM=4 KiB", "--set regions.VRAM"),
        Arguments.of("devices.importer.reaches=", "importer can reach no region"),
        Arguments.of("devices.importer.reaches=VRAM,MOON", "reaches: 'MOON'"),
        Arguments.of("policy=${HOME}", "--set policy: '${HOME}'"),
        Arguments.of("a.b.c.d.e.f.g.h.i=1", "unknown key"));
  }

  @ParameterizedTest
  @MethodSource("badSettings")
  void load_badSetting_namesIt(String setting, String expected) {
    assertThat(refused(scenarios.load("importers", List.of(setting)))).contains(expected);
  }

  @Test
  void load_settings_areLaidOverInOrder() {
    List<String> settings =
        List.of("duration=2s", "duration=3 s", "devices.importer.reaches=GTT", "policy=clock");
    Scenario scenario = ScenariosTest.done(scenarios.load("importers", settings));
    assertThat(scenario.durationNanos()).isEqualTo(3_000_000_000L);
    assertThat(scenario.devices().getFirst().reaches()).containsExactly("GTT");
    assertThat(scenario.policy()).isEqualTo("clock");
  }

  /** Budgets that contradict each other, or what there is. */
  @Test
  void load_contradictoryShares_saysWhich() {
    String game = "manage.shares.game.";
    String other = "manage.shares.background.";
    assertThat(refusedShares(game + "min=9 MiB", game + "low=8 MiB"))
        .startsWith("--set manage.shares.game.min: '9437184 B' is not legal")
        .contains("at most low");
    assertThat(refusedShares(game + "low=40 MiB", other + "low=9 MiB"))
        .contains("a sum of 51380224 B", "at most VRAM, which has 50331648 B");
    assertThat(refusedShares(game + "min=49 MiB")).contains("together at most VRAM");
    assertThat(refusedShares("manage.shares.nobody.min=1 MiB"))
        .contains("'nobody' is not legal; legal: of background, game");
  }

  private String refusedShares(String... settings) {
    String reason = refused(scenarios.load("foreground", List.of(settings)));
    assertThat(reason).doesNotContain("\n");
    return reason;
  }

  @Test
  void load_unknownName_listsTheBundled() {
    assertThat(refused(scenarios.load("../desktop", List.of())))
        .isEqualTo(
            "scenario '../desktop' is unknown; bundled: desktop, importers, pipeline, soc2011,"
                + " static-vs-dynamic, early-vs-deferred, patterns, foreground, foreground-switch, all-busy,"
                + " idle-stays, never-returns, full-carve-out, fragmented, starved-compositor, cyclic");
  }

  /** Whatever byte of a sound file is wrong: a refusal in one line, or a scenario. */
  @Test
  void parseFile_everyByteReplaced_neverThrows() {
    byte[] sound = SOUND.getBytes(StandardCharsets.UTF_8);
    byte[] replacements = {'{', '}', '[', '"', '$', '0', '\n', '=', '.', 0, (byte) 0xff};
    for (int at = 0; at < sound.length; at++) {
      byte[] bytes = sound.clone();
      bytes[at] = replacements[at % replacements.length];
      checkNoThrow(bytes, "byte " + at + " is " + bytes[at]);
      checkNoThrow(Arrays.copyOf(sound, at), "cut to " + at);
    }
  }

  private void checkNoThrow(byte[] bytes, String what) {
    try {
      Path file = Files.write(folder.resolve("s.conf"), bytes);
      if (scenarios.parseFile(file, List.of()) instanceof Outcome.Refused<Scenario>(var refusal)) {
        assertThat(refusal.reason()).as(what).doesNotContain("\n").hasSizeLessThan(700);
      }
    } catch (IOException | RuntimeException wrong) {
      throw new AssertionError(what, wrong);
    }
  }

  private Outcome<Scenario> parse(String text) {
    try {
      Path file = Files.writeString(folder.resolve("s.conf"), text);
      return scenarios.parseFile(file, List.of());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static String refused(Outcome<Scenario> outcome) {
    return switch (outcome) {
      case Outcome.Done<Scenario>(Scenario scenario) ->
          throw new AssertionError("was accepted: " + scenario);
      case Outcome.Refused<Scenario>(var refusal) -> {
        assertThat(refusal.reason()).doesNotContain("\n").hasSizeLessThan(700);
        yield refusal.reason();
      }
    };
  }
}
