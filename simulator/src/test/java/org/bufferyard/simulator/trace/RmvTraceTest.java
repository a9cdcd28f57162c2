package org.bufferyard.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.workload.Action;
import org.bufferyard.simulator.workload.Preference;
import org.bufferyard.simulator.workload.Step;
import org.bufferyard.simulator.workload.Use;
import org.bufferyard.simulator.workload.WorkloadRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RmvTraceTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("rmv");
  private static final long VA = 0x1_0000_0000L;

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @Test
  void events_twoStreams_mergedByTimeThenStream() throws Exception {
    RmvWriter writer = new RmvWriter();
    writer.stream(1).timestamp(3200, RmvWriter.FREQUENCY).misc(0).timeDelta(2, 10).misc(1);
    writer.stream(8).timestamp(3200, RmvWriter.FREQUENCY).misc(2).timeDelta(1, 5).misc(3);
    List<TraceEvent> events = events(writer);
    assertThat(events)
        .containsExactly(
            new TraceEvent.Misc(0, 0, 0),
            new TraceEvent.Misc(0, 1, 2),
            new TraceEvent.Misc(16_000, 1, 3),
            new TraceEvent.Misc(32_000, 0, 1),
            new TraceEvent.End(32_000));
  }

  @Test
  void events_payloadsOfEveryResourceType_areSkipped() throws Exception {
    int[] payloads = {39, 11, 1, 1, 0, 0, 12, 1, 4, 6, 0, 10, 19, 4, 3 + 4 * 5, 44, 1};
    RmvWriter writer = new RmvWriter();
    RmvWriter.Stream stream = writer.stream(8).timestamp(32, RmvWriter.FREQUENCY);
    for (int type = 0; type < payloads.length; type++) {
      stream.createResource(100 + type, type, payloads[type], 5);
    }
    stream.userdata(200_000).destroyResource(7);
    List<TraceEvent> events = events(writer);
    assertThat(events).hasSize(payloads.length + 2);
    assertThat(events.get(16)).isEqualTo(new TraceEvent.CreateResource(0, 0, 116, 16));
    assertThat(events.get(17)).isEqualTo(new TraceEvent.DestroyResource(0, 0, 7));
  }

  @Test
  void events_imageBeforeVersion16_hasAByteLess() throws Exception {
    RmvWriter writer = new RmvWriter();
    writer.stream(5)
        .timestamp(32, RmvWriter.FREQUENCY)
        .createResource(1, 0, 38, 0)
        .destroyResource(1);
    assertThat(events(writer)).hasSize(3);
  }

  @Test
  void workload_lifeOfABuffer_becomesItsRequests() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8)
        .timestamp(0, RmvWriter.FREQUENCY)
        .allocate(VA, 8, 0, 1, 2)
        .pageTableUpdate(VA - 4096, 3, false)
        .pageTableUpdate(VA + 4 * 4096, 2, false)
        .timeDelta(1, 10)
        .cpuMap(VA + 4096, false)
        .cpuMap(VA + 4096, true)
        .residency(VA, false)
        .timeDelta(1, 10)
        .pageTableUpdate(VA, 8, true)
        .free(VA);
    List<Action> actions = actions(writer);
    assertThat(actions)
        .containsExactly(
            new Action.Export(
                0, 8 * 4096, "va 0x100000000", Preference.of("VRAM", "GTT"), List.of()),
            new Action.Submit("gpu", List.of(new Use(0, DmaDirection.FROM_DEVICE, 0, 6)), 0),
            new Action.CpuAccess(0, DmaDirection.TO_DEVICE, 1, 7),
            new Action.Submit("gpu", List.of(new Use(0, DmaDirection.TO_DEVICE, 0, 8)), 0),
            new Action.Unmap(0, "gpu"),
            new Action.Release(0));
  }

  @Test
  void workload_updatesOfOneMoment_areOneJob() {
    RmvWriter writer = new RmvWriter();
    RmvWriter.Stream stream = writer.stream(8).timestamp(0, RmvWriter.FREQUENCY);
    for (int i = 0; i < 70; i++) {
      stream.raw(allocateToken(VA + i * 8192L));
    }
    for (int i = 0; i < 70; i++) {
      stream.pageTableUpdate(VA + i * 8192L, 1, false);
    }
    List<Action> jobs = actions(writer).stream().filter(a -> a instanceof Action.Submit).toList();
    assertThat(jobs).hasSize(2);
    assertThat(((Action.Submit) jobs.get(0)).uses()).hasSize(64);
  }

  /** An allocation without the time delta that the writer's has. */
  private static int[] allocateToken(long address) {
    int[] bytes = new int[12];
    bytes[0] = 12;
    for (int bit = 0; bit < 48; bit++) {
      bytes[(34 + bit) / 8] |= (int) (address >>> bit & 1) << (34 + bit) % 8;
    }
    return bytes;
  }

  @Test
  void workload_submission_usesTheBuffersUsedLast() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8)
        .timestamp(0, RmvWriter.FREQUENCY)
        .allocate(VA, 100)
        .residency(VA, false)
        .timeDelta(1, 1)
        .misc(0)
        .misc(3);
    assertThat(actions(writer))
        .contains(new Action.Submit("gpu", List.of(new Use(0, DmaDirection.TO_DEVICE, 0, 16)), 0));
  }

  @Test
  void summary_unknownAddressesAndOverlaps_areCountedNotRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8)
        .timestamp(0, RmvWriter.FREQUENCY)
        .free(VA)
        .residency(VA, true)
        .cpuMap(VA, false)
        .allocate(VA, 4)
        .allocate(VA + 4096, 4)
        .allocate(VA - 4096, 8);
    Trace trace = TraceFiles.done(TraceFiles.write(folder, "a.rmv", writer.capture()));
    assertThat(trace.summary().unknownAddresses()).isEqualTo(3);
    assertThat(trace.summary().implicitFrees()).isEqualTo(2);
    assertThat(trace.summary().buffers()).isEqualTo(3);
    assertThat(trace.summary().peakBytes()).isEqualTo(8 * 4096);
    WorkloadRules.play(trace.workload(), SYSTEM);
  }

  @Test
  void workload_aliveAtTheEnd_isReleasedThere() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).allocate(VA, 4).residency(VA, false);
    assertThat(actions(writer)).endsWith(new Action.Unmap(0, "gpu"), new Action.Release(0));
  }

  @Test
  void open_cutAtATime_endsThereWithEverythingReleased() {
    RmvWriter writer = new RmvWriter();
    RmvWriter.Stream stream = writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).allocate(VA, 4);
    stream.timeDelta(2, 10).residency(VA, false).timeDelta(2, 10).allocate(VA + 0x10_0000, 4);
    Path file = TraceFiles.write(folder, "a.rmv", writer.capture());
    long secondNanos = 3_200 * 11L;
    Outcome<Trace> cut = Trace.open(file, secondNanos);
    assertThat(cut).isInstanceOf(Outcome.Done.class);
    Trace trace = ((Outcome.Done<Trace>) cut).value();
    assertThat(trace.summary().events()).isEqualTo(2);
    assertThat(trace.summary().durationNanos()).isEqualTo(secondNanos);
    WorkloadRules.Played played = WorkloadRules.play(trace.workload(), SYSTEM);
    assertThat(played.exports()).isEqualTo(1);
    assertThat(TraceFiles.done(file).summary().events()).isEqualTo(3);
  }

  @Test
  void events_noDemand_readsNoFurther() throws Exception {
    RmvWriter writer = new RmvWriter();
    RmvWriter.Stream stream = writer.stream(8).timestamp(0, RmvWriter.FREQUENCY);
    for (int i = 0; i < 10_000; i++) {
      stream.misc(0);
    }
    Trace trace = TraceFiles.done(TraceFiles.write(folder, "long.rmv", writer.capture()));
    List<TraceEvent> some =
        trace
            .events()
            .take(3)
            .runWith(Sink.seq(), SYSTEM)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    assertThat(some).hasSize(3);
    assertThat(trace.summary().events()).isEqualTo(10_000);
  }

  private List<TraceEvent> events(RmvWriter writer) throws Exception {
    return TraceFiles.done(TraceFiles.write(folder, "a.rmv", writer.capture()))
        .events()
        .runWith(Sink.seq(), SYSTEM)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private List<Action> actions(RmvWriter writer) {
    Trace trace = TraceFiles.done(TraceFiles.write(folder, "a.rmv", writer.capture()));
    return WorkloadRules.play(trace.workload(), SYSTEM).steps().values().stream()
        .flatMap(List::stream)
        .map(Step::action)
        .toList();
  }
}
