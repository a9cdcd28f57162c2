package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.bufferyard.testkit.junit.Seeded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Short worlds of each bundled scenario over many seeds: clean, complete, and not idle. */
class ScenarioRunsTest {
  private static final int RUNS = 20;

  private static final Scenario DESKTOP =
      Rig.scenario(
          "desktop",
          "duration=300 ms",
          "contents=tags",
          "workload.working-set=128 MiB",
          "workload.period=300 ms",
          "regions.VRAM.size=30 %");
  private static final Scenario IMPORTERS =
      Rig.scenario(
          "importers",
          "duration=300 ms",
          "contents=tags",
          "workload.devices=16",
          "workload.buffers=96");
  private static final Scenario PIPELINE =
      Rig.scenario("pipeline", "duration=400 ms", "contents=tags", "regions.SYSTEM.size=8 MiB");

  private static int runs;
  private static long desktopEvictions;
  private static long importersEvictions;
  private static long pipelineEvictions;

  @Seeded(runs = RUNS)
  void run_desktop_cleanAndComplete(long seed) {
    desktopEvictions += clean(Rig.run(DESKTOP, seed)).evictions();
    runs++;
  }

  @Seeded(runs = RUNS)
  void run_importers_cleanAndComplete(long seed) {
    importersEvictions += clean(Rig.run(IMPORTERS, seed)).evictions();
    runs++;
  }

  @Seeded(runs = RUNS)
  void run_pipeline_cleanAndComplete(long seed) {
    pipelineEvictions += clean(Rig.run(PIPELINE, seed)).evictions();
    runs++;
  }

  /** A single seed that is replayed proves nothing about all of them. */
  @AfterAll
  static void run_allSeeds_somethingWasEvicted() {
    if (runs == 3 * RUNS) {
      assertThat(desktopEvictions).as("evictions of the desktop").isPositive();
      assertThat(importersEvictions).as("evictions of the importers").isPositive();
      assertThat(pipelineEvictions).as("evictions of the pipeline").isPositive();
    }
  }

  @Test
  void run_bytesOrTags_equalFigures() {
    RunResult tags = Rig.run(IMPORTERS, 7);
    RunResult bytes =
        Rig.run(
            Rig.scenario(
                "importers", "duration=300 ms", "workload.devices=16", "workload.buffers=96"),
            7);
    assertThat(bytes.contents()).isEqualTo("bytes");
    assertThat(tags.contents()).isEqualTo("tags");
    assertThat(bytes.violations()).isEmpty();
    assertThat(bytes.eventHash()).isEqualTo(tags.eventHash());
    assertThat(bytes.verifiedPages()).isEqualTo(tags.verifiedPages());
    assertThat(bytes.bytesMoved()).isEqualTo(tags.bytesMoved()).isNotEmpty();
    assertThat(bytes.requests()).isEqualTo(tags.requests());
    assertThat(bytes.evictions()).isEqualTo(tags.evictions());
  }

  /** The audit has seen to it that all the books are zero: an imbalance is a violation. */
  private static RunResult clean(RunResult result) {
    assertThat(result.violations()).as("%s, seed %d", result.scenario(), result.seed()).isEmpty();
    assertThat(result.replies())
        .isEqualTo(result.requests().values().stream().mapToLong(Long::longValue).sum());
    assertThat(result.jobs()).isPositive();
    assertThat(result.jobsRefused()).as("refused %s", result.notes()).isZero();
    assertThat(result.verifiedPages()).isPositive();
    return result;
  }
}
