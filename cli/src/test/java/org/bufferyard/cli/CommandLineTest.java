package org.bufferyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.bufferyard.simulator.scenario.Contents;
import org.bufferyard.simulator.scenario.RegionSpec;
import org.bufferyard.simulator.scenario.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final Runner CLEAN = (_, _) -> CannedRun.clean();

  @Test
  void run_noOptions_isDesktopWithSeedOneOnRealDispatchers() {
    RunPlan plan = planOf("run");
    assertThat(plan.scenario().name()).isEqualTo("desktop");
    assertThat(plan.seed()).isEqualTo(1);
    assertThat(plan.deterministic()).isFalse();
    assertThat(plan.speed()).isEqualTo(1);
    assertThat(plan.replay()).isEqualTo("./bufferyard run desktop --seed 1 --deterministic");
  }

  @Test
  void run_everyOption_reachesThePlanAndTheReplayLine() {
    RunPlan plan =
        planOf(
            "run importers --policy fifo --seed 9 --duration 1500ms --speed 2.5 --deterministic"
                + " --contents tags --set workload.devices=5 --set regions.VRAM.size=64MiB");
    Scenario scenario = plan.scenario();
    assertThat(scenario.policy()).isEqualTo("fifo");
    assertThat(scenario.durationNanos()).isEqualTo(1_500_000_000L);
    assertThat(scenario.contents()).isEqualTo(Contents.TAGS);
    assertThat(scenario.devices()).hasSize(5);
    assertThat(scenario.regions().stream().filter(r -> r.name().equals("VRAM")).toList())
        .extracting(RegionSpec::sizeBytes)
        .containsExactly(64L << 20);
    assertThat(plan.speed()).isEqualTo(2.5);
    assertThat(plan.replay())
        .isEqualTo(
            "./bufferyard run importers --policy fifo --duration 1500ms --contents tags"
                + " --set workload.devices=5 --set regions.VRAM.size=64MiB --seed 9"
                + " --deterministic");
  }

  @Test
  void run_settingWithSpacesAndQuote_isQuotedInTheReplayLine() {
    RunPlan plan =
        planOf(new String[] {"run", "--set", "duration=2 s", "--set", "description=it's"});
    assertThat(plan.replay()).contains("--set 'duration=2 s' --set 'description=it'\\''s'");
  }

  @Test
  void run_clean_exitsZeroWithTheTableAlone() {
    Captured run = Captured.of(CLEAN, "run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("desktop: game, browser").contains("0 violations");
  }

  @Test
  void run_violated_exitsOneNamingTheFirstWithItsHistoryAndTheReplayLine() {
    Captured run = Captured.of((_, _) -> CannedRun.violated(), "run");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("page-content, buffer 42: page 7 holds tag 3, not 4", "Map #9", "Moved")
        .contains("./bufferyard run desktop --seed 7 --deterministic");
  }

  @Test
  void run_engineFails_exitsOneWithOneLineAndNoStackTrace() {
    Runner failing =
        (_, _) -> {
          throw new IllegalStateException("wedged\nat midnight");
        };
    Captured run = Captured.of(failing, "run");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("internal error: ", "wedged\\u000aat midnight");
  }

  @Test
  void run_outOfMemory_exitsTwoSayingWhatNeedsLess() {
    Runner failing =
        (_, _) -> {
          throw new OutOfMemoryError("Cannot reserve 12 bytes");
        };
    Captured run = Captured.of(failing, "run");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("Cannot reserve 12 bytes", "--contents tags");
  }

  @Test
  void run_onTerminal_showsProgressAndWipesIt() {
    Runner halfWay =
        (_, progress) -> {
          progress.at(5, 10);
          return CannedRun.clean();
        };
    assertThat(Captured.of(true, halfWay, "run").err())
        .contains("5.0 of 10.0 s")
        .endsWith("\r\033[K");
    assertThat(Captured.of(false, halfWay, "run").err()).isEmpty();
  }

  @Test
  void run_outputLost_exitsTwo() {
    Terminal full =
        new Terminal(
            new PrintStream(new Full(), true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            false,
            "./bufferyard");
    assertThat(Bufferyard.execute(full, CLEAN, "run")).isEqualTo(2);
  }

  @Test
  void scenarios_listsTheBundledALineEach() {
    Captured list = Captured.of(CLEAN, "scenarios");
    assertThat(list.exitCode()).isZero();
    assertThat(list.out().lines().map(line -> line.split("\\s+", 2)[0]))
        .containsExactly(
            "desktop",
            "importers",
            "pipeline",
            "soc2011",
            "static-vs-dynamic",
            "early-vs-deferred",
            "patterns",
            "foreground",
            "foreground-switch",
            "all-busy",
            "idle-stays",
            "never-returns",
            "full-carve-out",
            "fragmented",
            "starved-compositor",
            "cyclic");
    assertThat(list.out().lines()).allMatch(line -> line.length() > 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "run --help", "scenarios --help", "-h", "run -h", "bench --help"})
  void help_everywhere_exitsZero(String line) {
    Captured help = Captured.of(CLEAN, line.split(" "));
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: bufferyard");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void bench_withoutTheLauncher_isRefusedWithTheCommandToType() {
    Captured bench = Captured.of(CLEAN, "bench", "--quick", "iova");
    assertThat(bench.exitCode()).isEqualTo(2);
    assertThat(bench.errLines()).hasSize(1);
    assertThat(bench.err()).contains("./bufferyard bench --quick iova");
    assertThat(Captured.of(CLEAN, "--help").out()).contains("  bench ");
  }

  @Test
  void help_ofRun_namesThePolicies() {
    assertThat(Captured.of(CLEAN, "run", "--help").out()).contains("lru", "fifo", "sieve");
  }

  @Test
  void version_namesAkkaAndTheJvm() {
    Captured version = Captured.of(CLEAN, "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).contains("bufferyard", "Akka 2.", "JDK 25");
  }

  private static RunPlan planOf(String line) {
    return planOf(line.split(" "));
  }

  private static RunPlan planOf(String[] args) {
    AtomicReference<RunPlan> seen = new AtomicReference<>();
    Captured run =
        Captured.of(
            (plan, _) -> {
              seen.set(plan);
              return CannedRun.clean();
            },
            args);
    assertThat(run.err()).isEmpty();
    return seen.get();
  }

  /** A device without room. */
  private static final class Full extends OutputStream {
    @Override
    public void write(int b) throws java.io.IOException {
      throw new java.io.IOException("No space left on device");
    }
  }
}
