package org.bufferyard.actors.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.extension.EmbedRig.MIB;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is used after its end is refused in time, and never hangs. */
class MisuseTest {
  private final EmbedRig rig = new EmbedRig();
  private final HostImporter importer = rig.importer("misuser");

  @AfterEach
  void close() {
    rig.close();
  }

  /** Others may have the buffer still: it is there, and this handle opens it no more. */
  @Test
  void attach_afterRelease_isRefusedWhileOthersGoOn() {
    SharedBuffer mine = rig.export("mine", MIB);
    SharedBuffer theirs =
        rig.get(mine.share(rig.system.inside(() -> rig.yard.client()), Rights.MAP));
    mine.release();
    rig.idle();
    assertThat(rig.refusal(mine.attach(importer)).errno()).isEqualTo(Errno.EBADF);
    assertThat(rig.refusal(mine.share(rig.yard.application(), Rights.MAP)).errno())
        .isEqualTo(Errno.EBADF);
    rig.get(rig.get(theirs.attach(importer)).map(DmaDirection.TO_DEVICE)).close();
  }

  @Test
  void attach_afterTheLastRelease_isRefused() {
    SharedBuffer mine = rig.export("mine", MIB);
    mine.release();
    rig.idle();
    assertThat(rig.refusal(mine.attach(importer)).errno()).isIn(Errno.EBADF, Errno.ENODEV);
    mine.release();
    assertThat(rig.snapshot().buffers()).isZero();
  }

  @Test
  void map_afterTheLastRelease_isRefusedUnlessItWasCached() {
    BufferAttachment fresh = rig.attached(importer, MIB);
    fresh.buffer().release();
    rig.idle();
    assertThat(rig.refusal(fresh.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.EBADF);
    fresh.detach();
    rig.idle();
    assertThat(rig.refusal(fresh.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENOENT);
    assertThat(rig.snapshot().buffers()).isZero();
  }

  @Test
  void close_whileSomebodyWaitsForMemory_refusesIt() {
    Mapping all = rig.get(rig.attached(importer, 4 * MIB).map(DmaDirection.TO_DEVICE));
    CompletionStage<Mapping> waiting =
        rig.attached(importer, MIB).mapPatiently(DmaDirection.TO_DEVICE);
    rig.after(Duration.ofSeconds(3));
    assertThat(waiting.toCompletableFuture()).isNotDone();
    CompletionStage<?> closed = rig.yard.close();
    assertThat(rig.refusal(waiting).errno()).isEqualTo(Errno.ENODEV);
    rig.get(closed);
    assertThat(all.isOpen()).isFalse();
  }

  /** Everything that is asked of a yard that has ended is answered. */
  @Test
  void anything_afterTheYardHasClosed_isRefused() {
    SharedBuffer buffer = rig.export("b", MIB);
    BufferAttachment attachment = rig.get(buffer.attach(importer));
    rig.get(rig.yard.close());
    assertThat(rig.refusal(attachment.map(DmaDirection.TO_DEVICE)).errno()).isEqualTo(Errno.ENODEV);
    assertThat(attachment.tryMap(DmaDirection.TO_DEVICE, "here")).isNull();
    assertThat(rig.refusal(attachment.pin()).errno()).isEqualTo(Errno.ENODEV);
    assertThat(rig.refusal(buffer.attach(importer)).errno()).isEqualTo(Errno.ENODEV);
    assertThat(rig.refusal(buffer.share(rig.yard.application(), Rights.MAP)).errno())
        .isEqualTo(Errno.ENODEV);
    assertThat(
            rig.refusal(rig.yard.export(org.bufferyard.actors.lease.BufferSpec.of("late", MIB)))
                .errno())
        .isEqualTo(Errno.ENODEV);
    buffer.release();
    attachment.detach();
  }
}
