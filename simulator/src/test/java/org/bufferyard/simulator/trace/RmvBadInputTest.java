package org.bufferyard.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.workload.WorkloadRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RmvBadInputTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("rmv-bad");
  private static final long VA = 0x1_0000_0000L;
  private static final int[] FLIPS = {0x01, 0xff};

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  /** Two streams with every kind of token. */
  private static byte[] small() {
    RmvWriter writer = new RmvWriter();
    writer.stream(1)
        .timestamp(3200, RmvWriter.FREQUENCY)
        .pageTableUpdate(VA, 4, false)
        .timeDelta(2, 100)
        .pageTableUpdate(VA, 4, true)
        .misc(0);
    writer.stream(8)
        .timestamp(3232, RmvWriter.FREQUENCY)
        .allocate(VA, 4, 0, 2)
        .allocate(VA + 0x10_0000, 16, 2)
        .createResource(5, 1, 11, 0)
        .createResource(6, 14, 3 + 4 * 2, 2)
        .bind(VA, 4096, 5)
        .cpuMap(VA, false)
        .cpuMap(VA, true)
        .residency(VA, false)
        .timestamp(6400, RmvWriter.FREQUENCY)
        .userdata(9)
        .residency(VA, true)
        .destroyResource(5)
        .free(VA);
    return writer.capture();
  }

  @Test
  void open_everyByteFlipped_isRefusedInOneLineOrRunsCleanly() {
    byte[] sound = small();
    int refused = 0;
    for (int at = 0; at < sound.length; at++) {
      for (int flip : FLIPS) {
        byte[] bytes = sound.clone();
        bytes[at] ^= (byte) flip;
        refused += isRefused("byte " + at + " flipped by " + flip, bytes) ? 1 : 0;
      }
    }
    assertThat(refused).isBetween(100, sound.length * FLIPS.length / 2);
  }

  @Test
  void open_everyTruncation_isRefused() {
    byte[] sound = small();
    for (int length = 0; length < sound.length; length++) {
      String message =
          TraceFiles.refused(TraceFiles.write(folder, "cut.rmv", Arrays.copyOf(sound, length)));
      assertThat(message).as("cut to %d bytes", length).startsWith("cut.rmv: ");
    }
  }

  private boolean isRefused(String what, byte[] bytes) {
    Path file = TraceFiles.write(folder, "flipped.rmv", bytes);
    try {
      return switch (Trace.open(file)) {
        case Outcome.Refused<Trace>(var refusal) -> {
          assertThat(refusal.reason()).contains("flipped.rmv: ").doesNotContain("\n");
          yield true;
        }
        case Outcome.Done<Trace>(Trace trace) -> {
          WorkloadRules.play(trace.workload(), SYSTEM);
          yield false;
        }
      };
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError(what, wrong);
    }
  }

  @Test
  void open_reservedToken_namesByteAndType() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).raw(0x01);
    assertThat(refused(writer)).isEqualTo("bad.rmv: byte 68: token type 1: reserved");
  }

  @Test
  void open_tokenPastTheStream_isRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).raw(0x0c, 0, 0);
    assertThat(refused(writer)).contains("byte 68", "of 12 bytes", "cut off, 3 left");
  }

  @Test
  void open_payloadPastTheStream_isRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).raw(0x04, 0xf0, 0xff, 0xff);
    assertThat(refused(writer)).contains("byte 68", "of 1048579 bytes", "cut off");
  }

  @Test
  void open_streamWithoutTimestamp_isRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).misc(0);
    assertThat(refused(writer)).contains("byte 56", "begins with a timestamp");
  }

  @Test
  void open_unknownResourceType_isRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, RmvWriter.FREQUENCY).createResource(1, 17, 0, 0);
    assertThat(refused(writer)).contains("resource type 17");
  }

  @Test
  void open_badTimes_areRefused() {
    assertThat(refused(timestamps(64, RmvWriter.FREQUENCY, 32, RmvWriter.FREQUENCY)))
        .contains("timestamp 1", "backwards");
    assertThat(refused(timestamps(0, 0, 0, 0))).contains("frequency 0");
    assertThat(refused(timestamps(0, 10, 0, 11))).contains("frequency 11");
    assertThat(refused(timestamps(0, 1, 32L * 86_400, 1))).contains("above 24 h");
    assertThat(refused(timestamps(0, 1, Long.MAX_VALUE - 31, 1))).contains("above 24 h");
  }

  @Test
  void open_streamsOfDifferentFrequency_isRefused() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(0, 10).misc(0);
    writer.stream(8).timestamp(0, 20).misc(0);
    assertThat(refused(writer)).contains("stream 1: frequency 20");
  }

  private static RmvWriter timestamps(long first, long firstHz, long second, long secondHz) {
    RmvWriter writer = new RmvWriter();
    writer.stream(8).timestamp(first, firstHz).misc(0).timestamp(second, secondHz).misc(0);
    return writer;
  }

  @Test
  void open_moreAliveThanTheLimit_isRefused() {
    RmvWriter writer = new RmvWriter();
    RmvWriter.Stream stream = writer.stream(8).timestamp(0, RmvWriter.FREQUENCY);
    for (int i = 0; i < 5; i++) {
      stream.allocate(VA + ((long) i << 40), 1 << 24);
    }
    assertThat(refused(writer)).contains("buffer 4", "above 1000000 buffers or 274877906944 bytes");
  }

  @Test
  void open_noTokenStream_isRefused() {
    assertThat(refused(new RmvWriter())).contains("no RmtData");
  }

  @Test
  void open_emptyTokenStream_isAnEmptyTrace() {
    RmvWriter writer = new RmvWriter();
    writer.stream(8);
    Trace trace = TraceFiles.done(TraceFiles.write(folder, "empty.rmv", writer.capture()));
    assertThat(trace.summary().events()).isZero();
    WorkloadRules.play(trace.workload(), SYSTEM);
  }

  @Test
  void open_compressedChunk_isRefused() {
    byte[] bytes = small();
    bytes[bytes.length - 64 + 16] = 1;
    assertThat(TraceFiles.refused(TraceFiles.write(folder, "bad.rmv", bytes)))
        .contains("compression 1");
  }

  @Test
  void open_captureCalledCsv_isReadAsWhatItIs() {
    Trace trace = TraceFiles.done(TraceFiles.write(folder, "capture.csv", small()));
    assertThat(trace.format()).isEqualTo(Trace.Format.RMV);
  }

  @Test
  void events_fileShortenedAfterOpening_failsWithOneLine() throws IOException {
    Path file = TraceFiles.write(folder, "cut.rmv", small());
    Trace trace = TraceFiles.done(file);
    Files.write(file, Arrays.copyOf(small(), 200));
    try {
      WorkloadRules.play(trace.workload(), SYSTEM);
      throw new AssertionError("the stream should have failed");
    } catch (AssertionError failed) {
      assertThat(failed).hasRootCauseInstanceOf(TraceException.class);
      assertThat(failed).hasStackTraceContaining("cut.rmv: byte");
    }
  }

  private String refused(RmvWriter writer) {
    return TraceFiles.refused(TraceFiles.write(folder, "bad.rmv", writer.capture()));
  }
}
