package org.bufferyard.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.simulator.result.RunResult;
import org.bufferyard.simulator.scenario.Scenario;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong by a fault is survived and counted; what goes wrong behind the yard's back is
 * found. A checker that finds nothing here would find nothing anywhere.
 */
class SabotageTest {
  private static final long MILLI = 1_000_000L;
  private static final long FOREIGN_TAG = 0x5ab07a6eL;
  private static final Scenario WORLD =
      Rig.scenario(
          "importers",
          "duration=200 ms",
          "contents=tags",
          "workload.devices=16",
          "workload.buffers=96",
          "regions.VRAM.size=30 %",
          "limits.invalidate-report=20 ms",
          "limits.invalidate-deadline=60 ms");

  @Test
  void run_withoutFaults_sameAsTheProduct() {
    RunResult rigged = Rig.sabotaged(WORLD, 5, Rig.Sabotage.of(Faults.NONE));
    RunResult product = Rig.run(WORLD, 5);
    assertThat(rigged.violations()).isEmpty();
    assertThat(rigged.evictions()).isEqualTo(product.evictions()).isPositive();
  }

  @Test
  void failCopy_everyThird_runStaysClean() {
    AtomicInteger copies = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Faults faults =
        new Faults() {
          @Override
          public Optional<Refusal> failCopy(BufferId buffer, String link) {
            if (copies.incrementAndGet() % 3 != 0) {
              return Optional.empty();
            }
            failed.incrementAndGet();
            return Optional.of(new Refusal(Errno.EIO, "copy of " + buffer + " over " + link));
          }
        };
    RunResult result = Rig.sabotaged(WORLD, 6, Rig.Sabotage.of(faults));
    assertThat(failed).hasPositiveValue();
    assertThat(result.violations()).isEmpty();
    assertThat(result.evictions()).isPositive();
  }

  @Test
  void failReserve_everyFifth_runStaysClean() {
    AtomicInteger asked = new AtomicInteger();
    Faults faults =
        new Faults() {
          @Override
          public Optional<Refusal> failReserve(String region) {
            return asked.incrementAndGet() % 5 == 0
                ? Optional.of(new Refusal(Errno.ENOSPC, region + " fails on purpose"))
                : Optional.empty();
          }
        };
    RunResult result = Rig.sabotaged(WORLD, 7, Rig.Sabotage.of(faults));
    assertThat(asked).hasValueGreaterThan(5);
    assertThat(result.violations()).isEmpty();
  }

  private static Faults late(long nanos) {
    AtomicInteger invalidates = new AtomicInteger();
    return new Faults() {
      @Override
      public long lateUnmapNanos(DeviceId device, BufferId buffer) {
        return invalidates.incrementAndGet() % 4 == 0 ? nanos : 0;
      }
    };
  }

  @Test
  void lateUnmap_beyondTheReport_namedAndClean() {
    RunResult result = Rig.sabotaged(WORLD, 8, Rig.Sabotage.of(late(30 * MILLI)));
    assertThat(result.violations()).isEmpty();
    assertThat(result.notes()).anyMatch(note -> note.contains("late to unmap"));
  }

  /** The mapping is torn down; the importer's next attach is a new one, and the run goes on. */
  @Test
  void lateUnmap_beyondTheDeadline_detachedByForceAndClean() {
    RunResult result = Rig.sabotaged(WORLD, 9, Rig.Sabotage.of(late(500 * MILLI)));
    assertThat(result.violations()).isEmpty();
    assertThat(result.notes()).anyMatch(note -> note.contains("late to unmap"));
    assertThat(result.jobs()).isPositive();
  }

  @Test
  void pages_overwrittenBehindTheYard_foundWithHistory() {
    RunResult result =
        Rig.sabotaged(
            WORLD,
            10,
            Rig.Sabotage.at(100 * MILLI, ground -> Rig.fillEverything(ground, FOREIGN_TAG)));
    assertThat(result.violations()).isNotEmpty();
    RunResult.Violation first = result.violations().getFirst();
    assertThat(first.rule()).isEqualTo("contents");
    assertThat(first.buffer()).startsWith("buffer-");
    assertThat(first.text()).contains("foreign or old data");
    assertThat(first.history()).isNotEmpty();
    assertThat(first.atSeconds()).isGreaterThanOrEqualTo(0.1);
  }
}
