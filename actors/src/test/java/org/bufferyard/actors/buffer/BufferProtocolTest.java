package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.buffer.BufferRig.HANDLE;
import static org.bufferyard.actors.buffer.BufferRig.OWNER;
import static org.bufferyard.actors.buffer.BufferRig.STRANGER;
import static org.bufferyard.actors.buffer.BufferRig.SYSTEM;
import static org.bufferyard.actors.buffer.BufferRig.VRAM;

import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protocol's state table, cell by cell, and a move step by step. */
class BufferProtocolTest {
  private final BufferRig rig = new BufferRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void expectRefused(Errno errno) {
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal().errno())
        .isEqualTo(errno);
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).requestId())
        .isEqualTo(rig.lastRequest());
  }

  // --- authority ------------------------------------------------------------------------------

  @Test
  void attach_unknownHandle_ebadf() {
    rig.tell(rig.attachRequest(rig.header(OWNER, 3, new Handle(9, 9)), true, false, "VRAM"));
    expectRefused(Errno.EBADF);
  }

  @Test
  void attach_anothersHandle_eacces() {
    rig.tell(rig.attachRequest(rig.header(STRANGER, 3, HANDLE), true, false, "VRAM"));
    expectRefused(Errno.EACCES);
  }

  @Test
  void attach_olderEpoch_estale() {
    rig.tell(rig.attachRequest(rig.header(OWNER, 2, HANDLE), true, false, "VRAM"));
    expectRefused(Errno.ESTALE);
  }

  @Test
  void pin_handleWithoutTheRight_eperm() {
    Handle given = new Handle(2, 2);
    rig.tell(rig.share(rig.header(), given, Rights.MAP));
    rig.tell(new Buffer.Pin(rig.header(STRANGER, 0, given), 1, rig.importer()));
    expectRefused(Errno.EPERM);
  }

  @Test
  void attach_nothingInReach_enodev() {
    rig.tell(rig.attachRequest(rig.header(), true, false, "NVRAM"));
    expectRefused(Errno.ENODEV);
  }

  @Test
  void unmap_anothersAttachment_eacces() {
    int attachment = rig.mapped();
    rig.tell(new Buffer.Unmap(rig.header(STRANGER, 3, HANDLE), attachment, 1, rig.importer()));
    expectRefused(Errno.EACCES);
  }

  // --- Declared and Allocating ----------------------------------------------------------------

  @Test
  void map_declared_demandsOnceAndAnswersWhenPlaced() {
    int attachment = rig.attach(true, "VRAM", "SYSTEM");
    rig.map(attachment, 1);
    rig.map(attachment, 2);
    assertThat(rig.all(rig.toMigration, Migration.Demand.class)).hasSize(1);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class)).isEmpty();
    rig.placed(VRAM);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class))
        .extracting(Importer.Mapped::generation)
        .containsExactly(1L, 1L);
  }

  @Test
  void map_demandRefused_refusedWithItsReasonAndDeclaredAgain() {
    int attachment = rig.attach(true, "VRAM");
    rig.map(attachment, 1);
    rig.tell(new Buffer.DemandRefused(new Refusal(Errno.ENOMEM, "full")));
    expectRefused(Errno.ENOMEM);
    rig.map(attachment, 2);
    assertThat(rig.all(rig.toMigration, Migration.Demand.class)).hasSize(2);
  }

  @Test
  void unmap_declared_enoent() {
    rig.unmap(rig.attach(true, "VRAM"), 0);
    expectRefused(Errno.ENOENT);
  }

  @Test
  void unpin_withoutPin_einval() {
    int attachment = rig.attach(true, "VRAM");
    rig.tell(new Buffer.Unpin(rig.header(), attachment, rig.importer()));
    expectRefused(Errno.EINVAL);
  }

  @Test
  void prepareMove_declared_einvalForGood() {
    rig.prepare(1, 9);
    Migration.Busy busy = rig.last(rig.toMigration, Migration.Busy.class);
    assertThat(busy.refusal().errno()).isEqualTo(Errno.EINVAL);
    assertThat(busy.lasting()).isTrue();
  }

  @Test
  void held_oneTooMany_eagainAndTheOthersAnswered() {
    int attachment = rig.attach(true, "VRAM");
    for (int i = 0; i <= YardSettings.HELD_MAX; i++) {
      rig.map(attachment, 1);
    }
    expectRefused(Errno.EAGAIN);
    rig.placed(VRAM);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class)).hasSize(YardSettings.HELD_MAX);
  }

  @Test
  void cancel_heldMap_answeredOnceWithItsErrno() {
    int attachment = rig.attach(true, "VRAM");
    rig.map(attachment, 1);
    rig.tell(new Buffer.Cancel(OWNER, rig.lastRequest(), Errno.ETIMEDOUT));
    expectRefused(Errno.ETIMEDOUT);
    rig.placed(VRAM);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class)).isEmpty();
  }

  // --- Resident -------------------------------------------------------------------------------

  @Test
  void map_mappedAlready_countsAndUnmapsOnlyWithTheLast() {
    int attachment = rig.mapped();
    rig.map(attachment, 2);
    rig.unmap(attachment, 1);
    rig.unmap(attachment, 1);
    assertThat(rig.all(rig.toImporters, Importer.Unmapped.class)).hasSize(2);
    rig.unmap(attachment, 1);
    expectRefused(Errno.ENOENT);
  }

  @Test
  void map_otherDirection_ebusy() {
    int attachment = rig.attach(true, "VRAM");
    rig.map(rig.header(), attachment, DmaDirection.TO_DEVICE, 1);
    rig.placed(VRAM);
    rig.map(rig.header(), attachment, DmaDirection.FROM_DEVICE, 2);
    expectRefused(Errno.EBUSY);
  }

  @Test
  void unmap_wrongGeneration_einval() {
    rig.unmap(rig.mapped(), 7);
    expectRefused(Errno.EINVAL);
  }

  @Test
  void attach_pinnedOutOfReach_ebusyExplained() {
    int attachment = rig.mapped();
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    rig.tell(rig.attachRequest(rig.header(), true, false, "SYSTEM"));
    expectRefused(Errno.EBUSY);
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal().reason())
        .contains("pinned");
  }

  @Test
  void prepareMove_pinned_busy() {
    int attachment = rig.mapped();
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    rig.prepare(1, 9);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.EBUSY);
  }

  @Test
  void prepareMove_staticallyMapped_busy() {
    rig.map(rig.attach(false, "VRAM"), 1);
    rig.placed(VRAM);
    rig.prepare(1, 9);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.EBUSY);
  }

  @Test
  void prepareMove_cpuBracketOpen_busyUntilItEnds() {
    rig.mapped();
    rig.beginCpu(DmaDirection.TO_DEVICE);
    long bracket = rig.lastRequest();
    rig.prepare(1, 9);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.EBUSY);
    rig.tell(rig.endCpu(bracket));
    assertThat(rig.toClients.getLast()).isInstanceOf(Buffer.CpuClosed.class);
    rig.prepare(2, 9);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Invalidate.class);
  }

  @Test
  void prepareMove_heldByAnOlderSubmission_busyForAYoungerOnly() {
    rig.map(rig.attach(true, "VRAM"), 5);
    rig.placed(VRAM);
    rig.prepare(1, 6);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.EBUSY);
    rig.prepare(2, 4);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Invalidate.class);
  }

  @Test
  void use_writerBeforeReader_readerWaitsForTheFence() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 2);
    rig.use(attachment, 1, FenceUsage.READ, 3);
    assertThat(rig.all(rig.toImporters, Importer.UseGranted.class)).hasSize(1);
    rig.tell(new Buffer.Signal(BufferRig.ticket(2), true));
    assertThat(rig.all(rig.toImporters, Importer.UseGranted.class)).hasSize(2);
    assertThat(rig.last(rig.toImporters, Importer.UseGranted.class).expected().stampAt(0))
        .isEqualTo(1);
  }

  @Test
  void map_throughAnIommu_answersWhenItHasMapped() {
    rig.tell(rig.attachRequest(rig.header(), true, true, "VRAM"));
    rig.map(1, 1);
    rig.placed(VRAM);
    assertThat(rig.all(rig.toImporters, Importer.Mapped.class)).isEmpty();
    Iommu.Map map = rig.last(rig.toIommu, Iommu.Map.class);
    rig.tell(
        new Buffer.IommuMapped(
            map.attachment(), new Iommu.MapRefused(new Refusal(Errno.ENOSPC, "no IOVA"))));
    expectRefused(Errno.ENOSPC);
  }

  // --- a move, step by step -------------------------------------------------------------------

  @Test
  void move_dynamicImporters_invalidatedOnceEachInOrderOfAttachment() {
    int first = rig.mapped();
    int second = rig.attach(true, "VRAM", "SYSTEM");
    rig.map(second, 2);
    rig.tell(new Buffer.LetGo(BufferRig.ticket(2)));
    rig.prepare(1, 9);
    rig.prepare(2, 9);
    assertThat(rig.all(rig.toImporters, Importer.Invalidate.class))
        .extracting(Importer.Invalidate::attachment)
        .containsExactly(first, second);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.EALREADY);
  }

  @Test
  void move_fencesAndMappings_preparedOnlyWhenBothAreGone() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.BOOKKEEP, 20);
    rig.prepare(1, 9);
    rig.unmap(attachment, 1);
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).isEmpty();
    rig.tell(new Buffer.Signal(BufferRig.ticket(20), true));
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).hasSize(1);
  }

  @Test
  void move_requestsMeanwhile_heldAndAnsweredInOrderWithTheNextGeneration() {
    int attachment = rig.mapped();
    rig.prepare(1, 9);
    rig.unmap(attachment, 1);
    rig.map(attachment, 10);
    long map = rig.lastRequest();
    rig.beginCpu(DmaDirection.FROM_DEVICE);
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    int before = rig.toImporters.size();
    rig.landed(1, SYSTEM);
    assertThat(rig.toImporters.subList(before, rig.toImporters.size()))
        .hasExactlyElementsOfTypes(Importer.Mapped.class, Importer.Pinned.class);
    Importer.Mapped mapped = rig.all(rig.toImporters, Importer.Mapped.class).getLast();
    assertThat(mapped.requestId()).isEqualTo(map);
    assertThat(mapped.generation()).isEqualTo(2);
    assertThat(mapped.region()).isEqualTo(SYSTEM);
    assertThat(rig.toClients.getLast()).isInstanceOf(Buffer.CpuOpened.class);
    assertThat(rig.toMigration.getLast()).isInstanceOf(Migration.Settled.class);
  }

  @Test
  void move_copyFailed_staysWhereItWasAndHeldRequestsGoOn() {
    int attachment = rig.mapped();
    rig.prepare(1, 9);
    rig.unmap(attachment, 1);
    rig.map(attachment, 10);
    rig.tell(new Buffer.MoveFailed(1, new Refusal(Errno.EIO, "link")));
    Importer.Mapped mapped = rig.last(rig.toImporters, Importer.Mapped.class);
    assertThat(mapped.generation()).isEqualTo(1);
    assertThat(mapped.region()).isEqualTo(VRAM);
  }

  @Test
  void move_overdue_reportedThenForced() {
    int attachment = rig.mapped();
    rig.prepare(1, 9);
    rig.tell(new Buffer.Overdue(1, false));
    Migration.Laggard late = rig.last(rig.toMigration, Migration.Laggard.class);
    assertThat(late.forced()).isFalse();
    assertThat(rig.all(rig.toImporters, Importer.ForceDetached.class)).isEmpty();
    rig.tell(new Buffer.Overdue(1, true));
    assertThat(rig.last(rig.toImporters, Importer.ForceDetached.class).attachment())
        .isEqualTo(attachment);
    assertThat(rig.toMigration.getLast()).isInstanceOf(Migration.Prepared.class);
    rig.unmap(attachment, 1);
    expectRefused(Errno.ENOENT);
  }

  @Test
  void use_whileMoving_stale() {
    int attachment = rig.mapped();
    rig.prepare(1, 9);
    rig.use(attachment, 1, FenceUsage.READ, 10);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.UseStale.class);
  }

  /** A bring-back may be refused; that the buffer has left meanwhile is another matter. */
  @Test
  void map_bringBackRefusedWhileEvicted_asksAgainInsteadOfRefusing() {
    int near = rig.attach(true, "VRAM");
    rig.map(near, 1);
    rig.tell(new Buffer.Placed(VRAM, BufferRig.frames(VRAM), false));
    rig.unmap(near, 1);
    rig.tell(new Buffer.LetGo(BufferRig.ticket(1)));
    rig.prepare(1, 9);
    rig.landed(1, SYSTEM);
    rig.map(near, 20);
    Migration.Demand demand = rig.last(rig.toMigration, Migration.Demand.class);
    assertThat(demand.at()).isEqualTo(SYSTEM);
    assertThat(demand.optional()).isFalse();
  }

  // --- the end --------------------------------------------------------------------------------

  @Test
  void detach_mappedAndPinned_succeedsAndDropsBoth() {
    int attachment = rig.mapped();
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Detached.class);
    rig.prepare(1, 9);
    assertThat(rig.toMigration.getLast()).isInstanceOf(Migration.Prepared.class);
  }

  @Test
  void release_attachmentsLeft_zombieThenFreedWithTheLast() {
    int attachment = rig.mapped();
    rig.release();
    rig.tell(rig.attachRequest(rig.header(), true, false, "VRAM"));
    expectRefused(Errno.EBADF);
    rig.prepare(1, 9);
    assertThat(rig.last(rig.toMigration, Migration.Busy.class).refusal().errno())
        .isEqualTo(Errno.ENODEV);
    assertThat(rig.toSlab).isEmpty();
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    assertThat(rig.last(rig.toRegions, Region.Buried.class).notice().pages()).isPositive();
    assertThat(rig.toSlab).hasExactlyElementsOfTypes(Slab.Gone.class);
  }

  @Test
  void release_declared_freedAtOnceWithoutPages() {
    rig.release();
    assertThat(rig.toSlab).hasExactlyElementsOfTypes(Slab.Gone.class);
    assertThat(rig.toMigration).isEmpty();
  }
}
