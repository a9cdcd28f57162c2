package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.simulator.dump.Dump;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** Dumps of whole runs. */
class RunDumpTest {
  private static final long MILLI = 1_000_000;

  private final Scenario desktop =
      Rig.scenario("desktop", "duration=600 ms", "contents=tags", "regions.VRAM.size=30 %");
  private final List<Dump> dumps = new ArrayList<>();

  private RunResult run(RunRequest request, long atNanos) throws IOException {
    return Simulation.run(request, (at, total) -> {}, new Simulation.DumpAt(atNanos, dumps::add));
  }

  @Test
  void run_dumped_isNotDisturbed() throws IOException {
    RunResult alone = Rig.run(desktop, 3);
    RunResult dumped = run(Rig.request(desktop, 3, true, 1), 300 * MILLI);
    assertThat(dumped.eventHash()).isEqualTo(alone.eventHash());
    assertThat(dumped.violations()).isEmpty();
    assertThat(dumps).hasSize(1);
  }

  /** Every owner has answered, and the owners agree with each other: that is what a cut is. */
  @Test
  void run_dumped_isOneCut() throws IOException {
    for (int at = 1; at <= 10; at++) {
      run(Rig.request(desktop, 4, true, 1), at * 50L * MILLI + at);
    }
    for (Dump dump : dumps) {
      assertThat(dump.consistent()).isTrue();
      assertThat(dump.answered()).isEqualTo(dump.asked()).isPositive();
      for (Dump.Region region : dump.regions()) {
        assertThat(region.residentBytes())
            .as("%s at %d", region.name(), dump.atNanos())
            .isEqualTo(
                dump.buffers().stream()
                    .filter(buffer -> buffer.region().equals(region.name()))
                    .mapToLong(Dump.Buffer::memoryBytes)
                    .sum());
        assertThat(region.residentBytes()).isLessThanOrEqualTo(region.capacityBytes());
      }
    }
    assertThat(dumps).hasSize(10);
  }

  @Test
  void run_dumpedTwice_sameDump() throws IOException {
    run(Rig.request(desktop, 5, true, 1), 200 * MILLI);
    run(Rig.request(desktop, 5, true, 1), 200 * MILLI);
    assertThat(dumps.getFirst()).isEqualTo(dumps.getLast());
    assertThat(dumps.getFirst().buffers()).isNotEmpty();
  }

  @Test
  void run_endedBefore_hasNoDump() throws IOException {
    run(Rig.request(desktop, 6, true, 1), 60_000 * MILLI);
    assertThat(dumps).isEmpty();
  }

  @Test
  void run_onRealDispatchers_saysItIsNoCut() throws IOException {
    run(Rig.request(desktop, 7, false, 1), 200 * MILLI);
    assertThat(dumps).hasSize(1);
    assertThat(dumps.getFirst().consistent()).isFalse();
    assertThat(dumps.getFirst().buffers()).isNotEmpty();
  }
}
