package org.bufferyard.actors.extension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bufferyard.actors.extension.EmbedRig.MIB;

import akka.util.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases of an embedded yard: what they open, when they end, and what a wrong use is told. */
class LeaseTest {
  private final EmbedRig rig = new EmbedRig();
  private final HostImporter importer = rig.importer("tester");

  @AfterEach
  void close() {
    rig.close();
  }

  private BufferAttachment attached(long sizeBytes) {
    return rig.attached(importer, sizeBytes);
  }

  private Mapping mapped(BufferAttachment attachment) {
    return rig.get(attachment.map(DmaDirection.BIDIRECTIONAL));
  }

  @Test
  void map_freshBuffer_readsZeroesAndKeepsWhatIsWritten() {
    BufferAttachment attachment = attached(MIB);
    try (Mapping mapping = mapped(attachment);
        MemoryView view = mapping.open()) {
      assertThat(view.segment(0).get(JAVA_LONG, 0)).isZero();
      view.segment(0).set(JAVA_LONG, 8, 42);
    }
    try (Mapping again = mapped(attachment);
        MemoryView view = again.open()) {
      assertThat(view.segment(0).get(JAVA_LONG, 8)).isEqualTo(42);
    }
  }

  @Test
  void map_moreThanMemoryHolds_comesBackFromTheFileAsItWas() {
    List<BufferAttachment> all = new ArrayList<>();
    for (int buffer = 0; buffer < 10; buffer++) {
      all.add(attached(MIB));
      try (Mapping mapping = mapped(all.getLast());
          MemoryView view = mapping.open()) {
        view.segment(0).fill((byte) (buffer + 1));
      }
    }
    for (int buffer = 0; buffer < 10; buffer++) {
      try (Mapping mapping = mapped(all.get(buffer));
          MemoryView view = mapping.open()) {
        MemorySegment first = view.segment(0);
        assertThat(first.get(JAVA_BYTE, 0)).isEqualTo((byte) (buffer + 1));
        assertThat(first.get(JAVA_BYTE, first.byteSize() - 1)).isEqualTo((byte) (buffer + 1));
      }
    }
    YardSnapshot snapshot = rig.snapshot();
    assertThat(snapshot.evictions()).isGreaterThan(10);
    assertThat(snapshot.regions().getFirst().peakBytes()).isLessThanOrEqualTo(4 * MIB);
  }

  @Test
  void view_ofAnOddSize_endsWhereTheBufferDoes() {
    try (Mapping mapping = mapped(attached(5000));
        MemoryView view = mapping.open()) {
      assertThat(view.sizeBytes()).isEqualTo(5000);
      assertThat(view.contiguous().byteSize()).isEqualTo(5000);
      assertThatThrownBy(() -> view.contiguous().get(JAVA_BYTE, 5000))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> view.get(4999, ByteBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("bytes 4999+2 of a buffer of 5000");
      assertThatThrownBy(() -> view.toByteString(0, 5001))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> view.put(-1, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void copies_ofEveryKind_giveBackWhatWasPut() throws IOException {
    byte[] bytes = new byte[300];
    for (int at = 0; at < bytes.length; at++) {
      bytes[at] = (byte) at;
    }
    try (Mapping mapping = mapped(attached(10_000));
        MemoryView view = mapping.open()) {
      view.put(4000, ByteBuffer.wrap(bytes));
      assertThat(view.toByteString(4000, 300)).isEqualTo(ByteString.fromArray(bytes));
      view.put(7000, ByteString.fromArray(bytes).concat(ByteString.fromArray(bytes)));
      ByteBuffer back = ByteBuffer.allocateDirect(300);
      view.get(7300, back);
      assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(bytes));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      view.writeTo(4000, 300, Channels.newChannel(out));
      assertThat(out.toByteArray()).isEqualTo(bytes);
      assertThat(view.readFrom(0, 1000, Channels.newChannel(new ByteArrayInputStream(bytes))))
          .isEqualTo(300);
      assertThat(view.toByteString(0, 300)).isEqualTo(ByteString.fromArray(bytes));
    }
  }

  @Test
  void segment_afterUnmap_isDead() {
    Mapping mapping = mapped(attached(MIB));
    MemoryView view = mapping.open();
    MemorySegment segment = view.segment(0);
    MemorySegment slice = segment.asSlice(100, 8);
    mapping.close();
    assertThatThrownBy(() -> segment.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slice.set(JAVA_BYTE, 0, (byte) 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(mapping::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has been unmapped; it was taken at " + getClass().getName());
    view.close();
    mapping.close();
  }

  @Test
  void segment_fromAnotherThread_isRefusedUnlessShared() throws InterruptedException {
    try (Mapping mapping = mapped(attached(MIB))) {
      MemorySegment own = mapping.open().segment(0);
      MemorySegment shared = mapping.openShared().segment(0);
      List<Object> seen = new ArrayList<>();
      Thread other =
          new Thread(
              () -> {
                seen.add(
                    org.assertj.core.api.Assertions.catchThrowable(() -> own.get(JAVA_BYTE, 0)));
                seen.add(shared.get(JAVA_BYTE, 0));
              });
      other.start();
      other.join();
      assertThat(seen.get(0)).isInstanceOf(WrongThreadException.class);
      assertThat(seen.get(1)).isEqualTo((byte) 0);
    }
  }

  @Test
  void segment_ofAReadingLease_isReadOnly() {
    BufferAttachment attachment = attached(MIB);
    try (Mapping mapping = rig.get(attachment.map(DmaDirection.TO_DEVICE));
        MemoryView view = mapping.open()) {
      assertThat(mapping.writable()).isFalse();
      assertThatThrownBy(() -> view.segment(0).set(JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void lease_neverClosed_isReclaimedAndNamesWhoTookIt() {
    Mapping mapping = mapped(attached(MIB));
    rig.after(Duration.ofSeconds(40));
    assertThat(mapping.isOpen()).isFalse();
    assertThatThrownBy(mapping::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was reclaimed, its time was over; it was taken at")
        .hasMessageContaining("LeaseTest.mapped");
    assertThat(rig.snapshot().importers().getFirst().reclaimed()).isEqualTo(1);
  }

  @Test
  void map_withoutTheRight_isRefused() {
    SharedBuffer mine = rig.export("mine", MIB);
    var other = rig.system.inside(() -> rig.yard.client());
    SharedBuffer theirs = rig.get(mine.share(other, org.bufferyard.actors.protocol.Rights.EXPORT));
    assertThat(rig.refusal(theirs.attach(importer)).errno()).isEqualTo(Errno.EPERM);
    SharedBuffer stolen = new SharedBuffer(other.id(), 1, mine.grant(), MIB, mine.holder());
    assertThat(rig.refusal(stolen.attach(importer)).errno()).isEqualTo(Errno.EACCES);
    SharedBuffer old = new SharedBuffer(mine.client(), 0, mine.grant(), MIB, mine.holder());
    assertThat(rig.refusal(old.attach(importer)).errno()).isEqualTo(Errno.ESTALE);
  }

  @Test
  void share_moreRightsThanHeld_isRefused() {
    SharedBuffer mine = rig.export("mine", MIB);
    var other = rig.system.inside(() -> rig.yard.client());
    var third = rig.system.inside(() -> rig.yard.client());
    int less =
        org.bufferyard.actors.protocol.Rights.MAP | org.bufferyard.actors.protocol.Rights.EXPORT;
    SharedBuffer theirs = rig.get(mine.share(other, less));
    assertThat(rig.get(theirs.attach(importer))).isNotNull();
    assertThat(rig.refusal(theirs.share(third, Integer.MAX_VALUE)).errno()).isEqualTo(Errno.EPERM);
  }

  @Test
  void map_afterDetach_isRefusedAndItsLeaseHasEnded() {
    BufferAttachment attachment = attached(MIB);
    Mapping mapping = mapped(attachment);
    attachment.detach();
    rig.idle();
    assertThat(mapping.isOpen()).isFalse();
    assertThat(rig.refusal(attachment.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENOENT);
  }

  @Test
  void release_whileLeased_keepsTheMemoryUntilDetached() {
    BufferAttachment attachment = attached(MIB);
    Mapping mapping = mapped(attachment);
    attachment.buffer().release();
    rig.idle();
    try (MemoryView view = mapping.open()) {
      view.segment(0).set(JAVA_BYTE, 0, (byte) 1);
    }
    mapping.close();
    assertThat(rig.snapshot().regions().getFirst().usedBytes()).isEqualTo(MIB);
    attachment.detach();
    rig.idle();
    YardSnapshot after = rig.snapshot();
    assertThat(after.regions().getFirst().usedBytes()).isZero();
    assertThat(after.buffers()).isZero();
  }

  @Test
  void export_ofNoSense_isRefused() {
    for (long size : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(rig.refusal(rig.yard.export(BufferSpec.of("bad", size))).errno())
          .isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void map_largerThanMemory_isRefusedAndTheYardGoesOn() {
    assertThat(rig.refusal(rig.export("large", 8 * MIB).attach(importer)).toString())
        .startsWith("ENOMEM: no region takes a buffer of 2048 pages");
    mapped(attached(MIB)).close();
  }

  /** Every page is leased: who cannot wait is refused, who can is served when one ends. */
  @Test
  void map_whileAllIsLeased_waitsIfPatient() {
    Mapping all = mapped(attached(4 * MIB));
    BufferAttachment wants = attached(MIB);
    var patient = wants.mapPatiently(DmaDirection.TO_DEVICE);
    assertThat(rig.refusal(wants.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENOMEM);
    rig.after(Duration.ofSeconds(10));
    assertThat(patient.toCompletableFuture()).isNotDone();
    all.close();
    rig.get(patient).close();
  }

  @Test
  void close_whileLeasesAreOpen_endsThemAfterTheGrace() {
    Mapping mapping = mapped(attached(MIB));
    var closed = rig.yard.close();
    rig.after(Duration.ofSeconds(1));
    assertThat(mapping.isOpen()).isTrue();
    assertThat(closed.toCompletableFuture()).isNotDone();
    rig.get(closed);
    assertThat(mapping.isOpen()).isFalse();
    assertThat(rig.refusal(rig.yard.export(BufferSpec.of("late", 1))).errno())
        .isEqualTo(Errno.ENODEV);
    assertThat(rig.refusal(mapping.buffer().attach(importer)).errno()).isEqualTo(Errno.ENODEV);
  }

  /** A lease of a cached mapping is taken without a message; the importer finds it all the same. */
  @Test
  void tryMap_ofACachedMapping_isALeaseLikeAnyOther() {
    BufferAttachment attachment = attached(MIB);
    assertThat(attachment.tryMap(DmaDirection.TO_DEVICE, "nobody")).isNull();
    mapped(attachment).close();
    Mapping lease =
        Objects.requireNonNull(attachment.tryMap(DmaDirection.BIDIRECTIONAL, "the test"));
    try (MemoryView view = lease.open()) {
      view.segment(0).set(JAVA_BYTE, 0, (byte) 1);
    }
    assertThat(rig.snapshot().importers().getFirst().openLeases()).isEqualTo(1);
    assertThat(rig.snapshot().importers().getFirst().granted()).isEqualTo(2);
    rig.after(Duration.ofSeconds(40));
    assertThatThrownBy(lease::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("its time was over; it was taken at the test");
  }

  @Test
  void tryMap_ofAMappingThatHasToGo_isNullAndTheMoveWaitsForTheLease() {
    BufferAttachment attachment = attached(4 * MIB);
    mapped(attachment).close();
    Mapping lease = Objects.requireNonNull(attachment.tryMap(DmaDirection.TO_DEVICE, "the test"));
    BufferAttachment other = attached(MIB);
    var waiting = other.mapPatiently(DmaDirection.TO_DEVICE);
    rig.after(Duration.ofSeconds(1));
    assertThat(waiting.toCompletableFuture()).isNotDone();
    assertThat(attachment.isCached()).isFalse();
    assertThat(attachment.tryMap(DmaDirection.TO_DEVICE, "late")).isNull();
    lease.close();
    rig.get(waiting).close();
    attachment.detach();
    rig.idle();
    assertThat(attachment.tryMap(DmaDirection.TO_DEVICE, "late")).isNull();
  }

  @Test
  void tryMap_whenTheAttachmentGoesOrTheYardCloses_endsItsLeases() {
    BufferAttachment first = attached(MIB);
    BufferAttachment second = attached(MIB);
    mapped(first).close();
    mapped(second).close();
    Mapping detached = Objects.requireNonNull(first.tryMap(DmaDirection.TO_DEVICE, "the test"));
    Mapping closed = Objects.requireNonNull(second.tryMap(DmaDirection.TO_DEVICE, "the test"));
    first.detach();
    rig.idle();
    assertThat(detached.isOpen()).isFalse();
    assertThat(closed.isOpen()).isTrue();
    var ended = rig.yard.close();
    rig.after(Duration.ofMillis(1));
    assertThat(second.tryMap(DmaDirection.TO_DEVICE, "late")).isNull();
    rig.get(ended);
    assertThat(closed.isOpen()).isFalse();
  }
}
