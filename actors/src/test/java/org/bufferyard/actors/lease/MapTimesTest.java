package org.bufferyard.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.extension.EmbedRig;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long maps take, in virtual time; two buffers that are leased fill the memory. */
class MapTimesTest {
  private record Told(long nanos, boolean mapped) {}

  private final EmbedRig rig = new EmbedRig("memory = 2 MiB, file.size = 16 MiB, room-wait = 1 s");
  private final HostImporter importer = rig.importer("timed");
  private final List<Told> told = new ArrayList<>();

  @AfterEach
  void close() {
    rig.close();
  }

  private void listen() {
    rig.yard.mapTimes().listen((nanos, mapped) -> told.add(new Told(nanos, mapped)));
  }

  private BufferAttachment held() {
    BufferAttachment buffer = rig.attached(importer, EmbedRig.MIB);
    rig.get(buffer.map(DmaDirection.BIDIRECTIONAL));
    return buffer;
  }

  @Test
  void answered_firstMap_isToldAndACachedOneIsNot() {
    listen();
    BufferAttachment buffer = held();
    assertThat(told).hasSize(1).allMatch(Told::mapped);
    rig.get(buffer.map(DmaDirection.TO_DEVICE)).close();
    rig.get(buffer.map(DmaDirection.TO_DEVICE)).close();
    assertThat(told).hasSize(1);
  }

  @Test
  void answered_whoWaits_isToldHowLong() {
    BufferAttachment first = held();
    held();
    listen();
    BufferAttachment third = rig.attached(importer, EmbedRig.MIB);
    CompletionStage<Mapping> patient = third.mapPatiently(DmaDirection.FROM_DEVICE);
    rig.after(Duration.ofSeconds(3));
    assertThat(told).isEmpty();
    first.buffer().release();
    first.detach();
    rig.get(patient);
    assertThat(told).hasSize(1).allMatch(Told::mapped);
    assertThat(told.getFirst().nanos()).isBetween(3_000_000_000L, rig.system.nowNanos());
  }

  @Test
  void answered_whoIsRefused_isToldAsThat() {
    held();
    held();
    listen();
    BufferAttachment third = rig.attached(importer, EmbedRig.MIB);
    assertThat(rig.refusal(third.map(DmaDirection.FROM_DEVICE)).errno()).isEqualTo(Errno.ENOMEM);
    assertThat(told).hasSize(1).noneMatch(Told::mapped);
    assertThat(told.getFirst().nanos()).isGreaterThanOrEqualTo(1_000_000_000L);
  }

  /** Without anybody who listens a map costs no more than it did. */
  @Test
  void timed_nobodyListens_isTheAnswerItself() {
    Answer<Mapping> answer =
        new Answer<>() {
          @Override
          public void done(Mapping value) {}

          @Override
          public void refused(Refusal refusal) {}

          @Override
          public Object place() {
            return "here";
          }
        };
    assertThat(rig.yard.mapTimes().timed(answer)).isSameAs(answer);
    listen();
    assertThat(rig.yard.mapTimes().timed(answer)).isNotSameAs(answer);
  }
}
