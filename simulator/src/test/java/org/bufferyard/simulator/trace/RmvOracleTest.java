package org.bufferyard.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.workload.WorkloadRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A real capture against its decoded form, made by another decoder: every event, every field. */
class RmvOracleTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("rmv-oracle");
  private static final long NANOS_PER_TICK = 100;

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @Test
  void events_realCapture_equalTheDecodedForm() throws Exception {
    Trace trace = open("gpu/rmv_sample_trace.rmv");
    List<String> events =
        trace
            .events()
            .filter(event -> !(event instanceof TraceEvent.End))
            .map(RmvOracleTest::line)
            .runWith(Sink.seq(), SYSTEM)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    List<String> decoded = decoded();
    assertThat(events).hasSize(24_548).hasSameSizeAs(decoded);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).as("event %d", i).isEqualTo(decoded.get(i));
    }
    assertThat(trace.summary().events()).isEqualTo(24_548);
    assertThat(trace.summary().eventsByKind())
        .containsEntry("allocate", 489L)
        .containsEntry("free", 468L)
        .containsEntry("bind", 1_188L)
        .containsEntry("cpu map", 256L)
        .containsEntry("cpu unmap", 246L)
        .containsEntry("create resource", 1_216L)
        .containsEntry("destroy resource", 936L)
        .containsEntry("page table update", 18_805L);
  }

  @Test
  void workload_realCapture_keepsTheRulesOfWorkloads() {
    Trace trace = open("gpu/rmv_sample_trace.rmv");
    WorkloadRules.Played played = WorkloadRules.play(trace.workload(), SYSTEM);
    assertThat(played.exports()).isEqualTo(489);
    assertThat(trace.summary().peakBytes()).isEqualTo(played.peakBytes());
    assertThat(played.dmaJobs()).isPositive();
    assertThat(trace.summary().implicitFrees()).isZero();
  }

  private static Trace open(String name) {
    return switch (Trace.open(SharedTraces.require(name))) {
      case Outcome.Done<Trace>(Trace trace) -> trace;
      case Outcome.Refused<Trace>(var refusal) -> throw new AssertionError(refusal.toString());
    };
  }

  private static List<String> decoded() throws IOException {
    Path file = SharedTraces.require("gpu/rmv_sample_trace.events.csv.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).toList();
    }
  }

  private static String line(TraceEvent event) {
    return switch (event) {
      case TraceEvent.Allocate e ->
          row(
              e,
              e.stream(),
              "virtual_allocate",
              hex(e.address()),
              String.valueOf(e.sizeBytes()),
              "owner="
                  + e.owner()
                  + " pref="
                  + String.join(
                      "/",
                      e.preferences().stream()
                          .map(heap -> heap.name().toLowerCase(Locale.ROOT))
                          .toList())
                  + " imp="
                  + e.importance());
      case TraceEvent.Free e -> row(e, e.stream(), "virtual_free", hex(e.address()), "", "");
      case TraceEvent.Residency e ->
          row(
              e,
              e.stream(),
              "resource_reference",
              hex(e.address()),
              "",
              (e.added() ? "add" : "remove") + " queue=" + e.queue());
      case TraceEvent.PageTableUpdate e ->
          row(
              e,
              e.stream(),
              "page_table_update",
              hex(e.address()),
              String.valueOf(e.pages()),
              "phys="
                  + hex(e.physicalAddress())
                  + " pgsize="
                  + e.pageSizeCode()
                  + " unmap="
                  + bit(e.unmaps())
                  + " pid="
                  + e.process()
                  + " type="
                  + code(e.type())
                  + " ctl="
                  + e.controller());
      case TraceEvent.Bind e ->
          row(
              e,
              e.stream(),
              "resource_bind",
              hex(e.address()),
              String.valueOf(e.sizeBytes()),
              "system=" + bit(e.system()) + " res=" + e.resource());
      case TraceEvent.CreateResource e ->
          row(
              e,
              e.stream(),
              "resource_create",
              "",
              "",
              "res=" + e.resource() + " type=" + e.type());
      case TraceEvent.DestroyResource e ->
          row(e, e.stream(), "resource_destroy", "", "", "res=" + e.resource());
      case TraceEvent.CpuMap e ->
          row(e, e.stream(), e.unmaps() ? "cpu_unmap" : "cpu_map", hex(e.address()), "", "");
      case TraceEvent.Misc e -> row(e, e.stream(), "misc", "", "", "");
      case TraceEvent.Birth e -> throw new AssertionError(e);
      case TraceEvent.Death e -> throw new AssertionError(e);
      case TraceEvent.End e -> throw new AssertionError(e);
    };
  }

  private static String row(
      TraceEvent event, int stream, String kind, String address, String size, String detail) {
    assertThat(event.timeNanos() % NANOS_PER_TICK).isZero();
    long ticks = event.timeNanos() / NANOS_PER_TICK;
    return String.join(
        ",", String.valueOf(ticks), String.valueOf(stream), kind, address, size, detail);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** The codes of the format, restated. */
  private static int code(TraceEvent.UpdateType type) {
    return switch (type) {
      case DISCARD -> 0;
      case UPDATE -> 1;
      case TRANSFER -> 2;
      case UNKNOWN -> 3;
    };
  }

  private static int bit(boolean set) {
    return set ? 1 : 0;
  }
}
