package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.environment.Watching;
import org.bufferyard.simulator.result.Findings;
import org.bufferyard.simulator.result.Findings.Eviction;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about whole runs, and that finding it out changes nothing. */
class FindingsTest {
  private static final List<String> SHADOWS = List.of("lru", "sieve", "wddm", "mglru", "xe");

  private static RunResult desktop(String policy, Watching watching) {
    Scenario scenario =
        Rig.scenario(
            "desktop",
            "duration=1500 ms",
            "contents=tags",
            "regions.VRAM.size=35 %",
            "policy=" + policy);
    return Rig.run(Rig.request(scenario, 5, true, 1).watching(watching));
  }

  private static final RunResult UNWATCHED = desktop("lru", Watching.NOTHING);
  private static final RunResult WATCHED = desktop("lru", new Watching(65_536, 200_000, SHADOWS));

  @Test
  void run_watched_isTheSameRun() {
    assertThat(WATCHED.violations()).isEmpty();
    assertThat(WATCHED.eventHash()).isEqualTo(UNWATCHED.eventHash());
    assertThat(WATCHED.stalls()).isEqualTo(UNWATCHED.stalls());
  }

  @Test
  void causes_wholeRun_addUpWithWhatWasCounted() {
    Findings.Causes causes = WATCHED.findings().causes();
    assertThat(causes.evictions()).isNotEmpty();
    assertThat(causes.leftOut()).isZero();
    assertThat(causes.evictions()).hasSizeLessThanOrEqualTo((int) WATCHED.evictions());
    List<String> clients = WATCHED.series().evictors().clients();
    long[][] bytes = new long[clients.size()][clients.size()];
    for (Eviction each : causes.evictions()) {
      assertThat(each.waitNanos()).isNotNegative();
      assertThat(each.demand()).isPositive();
      bytes[clients.indexOf(each.client())][clients.indexOf(each.owner())] += each.sizeBytes();
    }
    for (int by = 0; by < bytes.length; by++) {
      for (int of = 0; of < bytes.length; of++) {
        assertThat(bytes[by][of])
            .isLessThanOrEqualTo(WATCHED.series().evictors().bytes().get(by).get(of));
      }
    }
    assertThat(causes.evictions().stream().filter(each -> each.fate().equals("came-back")))
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.paidBy()).isIn(clients))
        .allSatisfy(each -> assertThat(each.costNanos()).isPositive());
    assertThat(causes.evictions().stream().filter(Eviction::pingPong).count())
        .isLessThanOrEqualTo(WATCHED.pingPongs());
  }

  @Test
  void run_unwatched_countsWhatItLeavesOut() {
    Findings.Causes causes = UNWATCHED.findings().causes();
    assertThat(causes.evictions()).isEmpty();
    assertThat(causes.leftOut()).isEqualTo(UNWATCHED.migrations());
    assertThat(UNWATCHED.findings().shadows()).isEmpty();
    assertThat(UNWATCHED.findings().measures().regret()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "sieve", "ttm", "w-tinylfu", "random", "wddm", "mru"})
  void regret_anyPolicy_isNotBelowTheBound(String policy) {
    RunResult run = desktop(policy, new Watching(0, 200_000, List.of()));
    Findings.Regret regret = Objects.requireNonNull(run.findings().measures().regret());
    assertThat(regret.violated()).isFalse();
    assertThat(regret.factor()).isGreaterThanOrEqualTo(1);
    assertThat(regret.accesses()).isGreaterThan(1_000);
  }

  @Test
  void regret_moreAccessesThanAllowed_isNone() {
    RunResult run = desktop("lru", new Watching(0, 100, List.of()));
    assertThat(run.findings().measures().regret()).isNull();
  }

  @Test
  void violated_costBelowTheBound_isSo() {
    assertThat(new Findings.Regret(99, 100, false, 1).violated()).isTrue();
    assertThat(new Findings.Regret(100, 100, false, 1).violated()).isFalse();
    assertThat(new Findings.Regret(0, 0, true, 0).factor()).isEqualTo(1);
  }

  @Test
  void shadows_eachPolicy_sawWhatTheRulingOneSaw() {
    List<Findings.Shadow> shadows = WATCHED.findings().shadows();
    assertThat(shadows).hasSize(1 + SHADOWS.size());
    assertThat(shadows.getFirst().policy()).isEqualTo("lru (ruling)");
    for (Findings.Shadow shadow : shadows) {
      assertThat(shadow.uses()).isEqualTo(shadows.getFirst().uses());
      assertThat(shadow.misses()).isPositive().isLessThan(shadow.uses());
      assertThat(shadow.missBytes()).isPositive();
    }
  }

  @Test
  void measures_desktop_haveFigures() {
    Findings.Measures measures = WATCHED.findings().measures();
    assertThat(measures.useWeighted()).isBetween(0.01, 1.0);
    assertThat(measures.fragmentation()).isBetween(0.0, 1.0);
    assertThat(measures.recoveryNanos()).isPositive();
    assertThat(measures.refusedFeasible()).isZero();
  }

  /** The game may not keep all that it has: lru knows no minimum, and each breach is counted. */
  @Test
  void protectionBroken_minimumThatNobodyKeeps_isCounted() {
    long all = 1L << 20;
    Watching entitled = Watching.NOTHING.withMinPages(List.of(all));
    Watching content = Watching.NOTHING.withMinPages(List.of(0L));
    double broken = desktop("lru", entitled).findings().measures().protectionBroken();
    assertThat(broken).isPositive();
    assertThat(desktop("lru", content).findings().measures().protectionBroken()).isZero();
    assertThat(WATCHED.findings().measures().protectionBroken()).isNaN();
  }

  @Test
  void run_onRealDispatchers_leavesNothingOutEither() {
    Scenario scenario =
        Rig.scenario("desktop", "duration=600 ms", "contents=tags", "regions.VRAM.size=30 %");
    RunResult run = Rig.run(Rig.request(scenario, 5, false, 2));
    Findings.Causes causes = run.findings().causes();
    assertThat(run.violations()).isEmpty();
    assertThat(causes.leftOut()).isZero();
    assertThat(causes.moves()).isLessThanOrEqualTo(run.migrations());
    assertThat(causes.evictions()).hasSizeLessThanOrEqualTo((int) run.evictions());
    assertThat(run.findings().measures().uses()).isPositive();
  }
}
