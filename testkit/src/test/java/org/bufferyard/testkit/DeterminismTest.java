package org.bufferyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The promise: a run is decided by its settings and by nothing else. */
class DeterminismTest {
  private static final List<String> OPENED = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");

  @Test
  void eventHash_sameSeed_sameRun() {
    assertThat(WorldRun.of(Settings.seed(42))).isEqualTo(WorldRun.of(Settings.seed(42)));
  }

  @Test
  void eventHash_differentSeeds_allDifferent() {
    Set<Long> hashes = new LinkedHashSet<>();
    Set<List<String>> logs = new LinkedHashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      WorldRun run = WorldRun.of(Settings.seed(seed));
      hashes.add(run.eventHash());
      logs.add(run.log());
    }
    assertThat(hashes).hasSize(20);
    assertThat(logs).hasSizeGreaterThan(15);
  }

  @Test
  void eventHash_twoProcessesWithDifferentHistory_equal() throws Exception {
    ChildJvm.Result fresh = ChildJvm.run(OPENED, WorldRun.class, "7", "0");
    ChildJvm.Result used = ChildJvm.run(OPENED, WorldRun.class, "7", "3");
    WorldRun here = WorldRun.of(Settings.seed(7));

    String expected = Long.toHexString(here.eventHash()) + " " + here.log().hashCode();
    assertThat(List.of(fresh, used)).containsOnly(new ChildJvm.Result(0, expected));
  }

  @Test
  void eventHash_fifo_independentOfEarlierSystems() {
    Settings fifo = Settings.seed(3).withStrategy(Strategy.fifo());
    WorldRun first = WorldRun.of(fifo);
    WorldRun.of(Settings.seed(99));
    assertThat(WorldRun.of(fifo)).isEqualTo(first);
    assertThat(first.eventHash()).isNotEqualTo(WorldRun.of(Settings.seed(3)).eventHash());
  }

  @Test
  void eventHash_systemsOnParallelThreads_asAlone() {
    List<WorldRun> alone = List.of(WorldRun.of(Settings.seed(11)), WorldRun.of(Settings.seed(12)));
    var one = CompletableFuture.supplyAsync(() -> WorldRun.of(Settings.seed(11)), OWN_THREAD);
    var two = CompletableFuture.supplyAsync(() -> WorldRun.of(Settings.seed(12)), OWN_THREAD);

    assertThat(List.of(one.join(), two.join())).isEqualTo(alone);
  }

  private static final java.util.concurrent.Executor OWN_THREAD = work -> new Thread(work).start();

  @Test
  void eventHash_systemsInterleavedOnOneThread_asAlone() {
    try (var a = DeterministicSystem.create(World.guardian(5, line -> {}), "a", Settings.seed(1));
        var b = DeterministicSystem.create(World.guardian(5, line -> {}), "b", Settings.seed(2))) {
      for (int i = 0; i < 2000; i++) {
        a.step();
        b.step();
      }
      assertThat(List.of(a.eventHash(), b.eventHash())).isEqualTo(List.of(alone(1), alone(2)));
    }
  }

  private static long alone(long seed) {
    try (var system =
        DeterministicSystem.create(World.guardian(5, line -> {}), "x", Settings.seed(seed))) {
      for (int i = 0; i < 2000; i++) {
        system.step();
      }
      return system.eventHash();
    }
  }

  @Test
  void create_optionMissing_oneLineNamesIt() throws Exception {
    ChildJvm.Result closed = ChildJvm.run(List.of(), WorldRun.class, "7", "0");

    assertThat(closed.exitCode()).isEqualTo(1);
    assertThat(closed.output().lines().findFirst().orElseThrow())
        .contains("--add-opens=java.base/java.lang=ALL-UNNAMED");
    assertThat(closed.output()).doesNotContain("Caused by");
  }
}
