package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Taking a buffer away: everybody told, fences and unmaps waited for, and nothing served after. */
class RevokeTest {
  private final BufferRig rig = new BufferRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private long revoke() {
    rig.tell(new Buffer.Revoke(rig.header(), rig.client()));
    return rig.lastRequest();
  }

  private List<HandleReply.Revoked> revoked() {
    return rig.all(rig.toClients, HandleReply.Revoked.class);
  }

  private List<Region.Buried> buried() {
    return rig.all(rig.toRegions, Region.Buried.class);
  }

  @Test
  void revoke_severalImporters_eachToldOnceInOrderMappedOrNot() {
    int mapped = rig.mapped();
    int attached = rig.attach(true, "VRAM");
    int still = rig.attach(false, "VRAM");
    rig.map(still, 2);
    revoke();
    assertThat(rig.all(rig.toImporters, Importer.Revoked.class))
        .extracting(Importer.Revoked::attachment)
        .containsExactly(mapped, attached, still);
    assertThat(revoked()).isEmpty();
  }

  @Test
  void revoke_fencesAndMappings_memoryGoesWhenBothAreGone() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 5);
    long id = revoke();
    rig.unmap(attachment, 1);
    assertThat(buried()).isEmpty();
    rig.tell(new Buffer.Signal(BufferRig.ticket(5), true));
    assertThat(buried()).hasSize(1);
    assertThat(revoked()).extracting(HandleReply.Revoked::requestId).containsExactly(id);
    assertThat(rig.all(rig.toMigration, Migration.RevokeDone.class)).hasSize(1);
  }

  @Test
  void revoke_pinnedBuffer_isNoObstacle() {
    int attachment = rig.mapped();
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    revoke();
    rig.unmap(attachment, 1);
    assertThat(revoked()).hasSize(1);
    rig.tell(new Buffer.Unpin(rig.header(), attachment, rig.importer()));
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Unpinned.class);
  }

  @Test
  void revoke_usesAndTokensThatWait_answeredEnodev() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 5);
    rig.use(attachment, 1, FenceUsage.WRITE, 6);
    rig.reserve(7, false);
    rig.reserve(8, false);
    rig.tell(new Reservation.Poll(rig.header(), true, rig.reserver()));
    revoke();
    assertThat(rig.last(rig.toImporters, Importer.Revoked.class)).isNotNull();
    assertThat(rig.all(rig.toImporters, Importer.Refused.class))
        .extracting(refused -> refused.refusal().errno())
        .containsExactly(Errno.ENODEV);
    assertThat(rig.all(rig.toReservers, Reservation.Refused.class))
        .extracting(refused -> refused.refusal().errno())
        .containsExactly(Errno.ENODEV, Errno.ENODEV);
  }

  @Test
  void revoke_overdue_reportedThenTornDownAndGone() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 5);
    revoke();
    assertThat(rig.all(rig.toMigration, Migration.WatchRevoke.class)).hasSize(1);
    rig.tell(new Buffer.RevokeOverdue(false));
    assertThat(rig.last(rig.toMigration, Migration.Laggard.class).forced()).isFalse();
    assertThat(revoked()).isEmpty();
    rig.tell(new Buffer.RevokeOverdue(true));
    assertThat(rig.all(rig.toImporters, Importer.ForceDetached.class)).hasSize(1);
    assertThat(rig.all(rig.toMigration, Migration.Laggard.class))
        .extracting(Migration.Laggard::forced)
        .containsExactly(false, true);
    assertThat(revoked()).hasSize(1);
  }

  @Test
  void revoke_whileTheIommuMaps_theMapIsRefusedAndTakenOutAgain() {
    rig.tell(rig.attachRequest(rig.header(), true, true, "VRAM"));
    int attachment = rig.last(rig.toImporters, Importer.Attached.class).attachment();
    rig.map(attachment, 1);
    rig.placed(BufferRig.VRAM);
    rig.map(attachment, 2);
    revoke();
    rig.tell(new Buffer.IommuMapped(attachment, new Iommu.Mapped(rig.table())));
    assertThat(rig.all(rig.toImporters, Importer.Refused.class))
        .extracting(refused -> refused.refusal().errno())
        .containsExactly(Errno.ENODEV);
    assertThat(rig.all(rig.toIommu, Iommu.Unmap.class)).hasSize(1);
    assertThat(revoked()).isEmpty();
    rig.tell(new Buffer.IommuUnmapped(attachment, 1));
    assertThat(rig.all(rig.toImporters, Importer.Refused.class)).hasSize(2);
    assertThat(revoked()).hasSize(1);
  }

  @Test
  void revoke_bracketOpen_recalledAndWaitedFor() {
    rig.mapped();
    rig.beginCpu(DmaDirection.TO_DEVICE);
    long bracket = rig.lastRequest();
    rig.unmap(1, 1);
    revoke();
    assertThat(rig.last(rig.toClients, Buffer.CpuRecalled.class).requestId()).isEqualTo(bracket);
    assertThat(revoked()).isEmpty();
    rig.tell(new Buffer.EndCpu(rig.header(), bracket, false, rig.client()));
    assertThat(revoked()).hasSize(1);
  }

  @Test
  void revoke_bracketNeverClosed_overAtTheDeadline() {
    rig.mapped();
    rig.beginCpu(DmaDirection.TO_DEVICE);
    rig.unmap(1, 1);
    revoke();
    rig.tell(new Buffer.RevokeOverdue(false));
    assertThat(revoked()).isEmpty();
    rig.tell(new Buffer.RevokeOverdue(true));
    assertThat(revoked()).hasSize(1);
  }

  @Test
  void revoke_whileAllocatingOrMoving_afterwards() {
    int attachment = rig.attach(true, "VRAM", "SYSTEM");
    rig.map(attachment, 1);
    revoke();
    assertThat(rig.all(rig.toImporters, Importer.Revoked.class)).isEmpty();
    rig.placed(BufferRig.VRAM);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class)).hasSize(1);
    assertThat(rig.all(rig.toImporters, Importer.Revoked.class)).hasSize(1);
    rig.unmap(attachment, 1);
    assertThat(revoked()).hasSize(1);
  }

  @Test
  void revoked_released_freedOnceAndItsPagesOnce() {
    int attachment = rig.mapped();
    revoke();
    rig.release();
    assertThat(rig.toSlab).isEmpty();
    rig.unmap(attachment, 1);
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    assertThat(rig.all(rig.toSlab, Slab.Gone.class)).hasSize(1);
    assertThat(buried()).hasSize(1);
  }

  @Test
  void revoked_isNoVictim() {
    rig.mapped();
    revoke();
    assertThat(rig.last(rig.toRegions, Region.SetEligible.class).eligible()).isFalse();
    rig.prepare(1, 9);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).lasting()).isTrue();
  }

  @Test
  void cancel_ofAnOpenBracket_itsLeaseIsOver() {
    rig.mapped();
    rig.beginCpu(DmaDirection.TO_DEVICE);
    long bracket = rig.lastRequest();
    rig.tell(new Buffer.Cancel(BufferRig.OWNER, bracket, Errno.ETIMEDOUT));
    Buffer.CpuRecalled recalled = rig.last(rig.toClients, Buffer.CpuRecalled.class);
    assertThat(recalled.requestId()).isEqualTo(bracket);
    assertThat(recalled.refusal().errno()).isEqualTo(Errno.ETIMEDOUT);
  }
}
