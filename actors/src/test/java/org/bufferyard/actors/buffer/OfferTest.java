package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contents offered: discarded rather than moved, and only until they are reclaimed. */
class OfferTest {
  private final BufferRig rig = new BufferRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void offer() {
    rig.tell(new Buffer.Offer(rig.header(), rig.client()));
  }

  private boolean reclaim() {
    rig.tell(new Buffer.Reclaim(rig.header(), rig.client()));
    return rig.last(rig.toClients, HandleReply.Reclaimed.class).kept();
  }

  /** Offered, and evicted while the importer still uses and maps it. */
  private int purging() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 5);
    offer();
    rig.prepare(1, 0);
    return attachment;
  }

  @Test
  void evicted_offered_purgedOnceNobodyUsesItAndNothingCopied() {
    int attachment = purging();
    rig.tell(new Buffer.Signal(BufferRig.ticket(5), true));
    assertThat(rig.all(rig.toMigration, Migration.Purged.class)).isEmpty();
    rig.unmap(attachment, 1);
    Migration.Purged purged = rig.last(rig.toMigration, Migration.Purged.class);
    assertThat(purged.extents()).isEqualTo(BufferRig.frames(BufferRig.VRAM));
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).isEmpty();
    assertThat(rig.last(rig.toRegions, Region.Left.class).why())
        .isEqualTo(Region.Departure.EVICTED);
  }

  @Test
  void reclaimed_beforeTheEviction_keptAndMovedAsAnyOther() {
    int attachment = rig.mapped();
    offer();
    assertThat(reclaim()).isTrue();
    rig.prepare(1, 9);
    rig.unmap(attachment, 1);
    assertThat(rig.last(rig.toMigration, Migration.Prepared.class).move()).isEqualTo(1);
  }

  @Test
  void reclaimed_afterThePurge_discardedAndZeroAtTheNextMap() {
    int attachment = purging();
    rig.tell(new Buffer.Signal(BufferRig.ticket(5), true));
    rig.unmap(attachment, 1);
    rig.map(attachment, 6);
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal().errno())
        .isEqualTo(Errno.EFAULT);
    assertThat(reclaim()).isFalse();
    rig.map(attachment, 7);
    assertThat(rig.last(rig.toMigration, Migration.Demand.class).at()).isEqualTo(Migration.NOWHERE);
    rig.placed(BufferRig.SYSTEM);
    assertThat(rig.last(rig.toImporters, Importer.Mapped.class).generation()).isEqualTo(2);
    rig.use(attachment, 2, FenceUsage.READ, 8);
    assertThat(rig.last(rig.toImporters, Importer.UseGranted.class).expected().stampAt(0)).isZero();
  }

  @Test
  void mapWhilePurging_efaultAfterwards() {
    int attachment = purging();
    rig.map(attachment, 6);
    assertThat(rig.all(rig.toImporters, Importer.Refused.class)).isEmpty();
    rig.tell(new Buffer.Signal(BufferRig.ticket(5), true));
    rig.unmap(attachment, 1);
    assertThat(rig.all(rig.toImporters, Importer.Refused.class))
        .extracting(refused -> refused.refusal().errno())
        .containsExactly(Errno.EFAULT);
  }

  @Test
  void purged_released_freedWithoutPages() {
    int attachment = purging();
    rig.tell(new Buffer.Signal(BufferRig.ticket(5), true));
    rig.unmap(attachment, 1);
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    rig.release();
    assertThat(rig.all(rig.toRegions, Region.Buried.class)).isEmpty();
    assertThat(rig.all(rig.toSlab, Slab.Gone.class)).hasSize(1);
  }
}
