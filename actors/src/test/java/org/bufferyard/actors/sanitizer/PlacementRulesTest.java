package org.bufferyard.actors.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BusPath;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.MappingKind;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Slab;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.DmaConstraints;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Extents;
import org.bufferyard.allocator.sg.SgTable;
import org.junit.jupiter.api.Test;

/** Rules about pages, moves, answers and epochs, shown messages of a yard that breaks them. */
class PlacementRulesTest extends SanitizerRig {
  private static final Extents HERE = Extents.of(FIRST_PFN, PAGES);
  private static final Extents THERE = Extents.of(FIRST_PFN + 8, PAGES);
  private static final int MOVE = 5;

  private void moving() {
    told(migration, buffer, new Buffer.PrepareMove(MOVE, Ticket.OLDEST, true));
  }

  private void prepared() {
    told(buffer, migration, new Migration.Prepared(MOVE, ID, 0, HERE, Long.MIN_VALUE));
  }

  private void landed(int region, Extents extents) {
    told(migration, migration, new Migration.Reserved(0, 1, extents, false));
    told(migration, buffer, new Buffer.Landed(MOVE, region, extents, true, false));
  }

  @Test
  void map_pageOnceTooOften_D22() {
    attached(DmaConstraints.UNLIMITED);
    SgTable table = table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED);
    for (int attachment = 2; attachment < 3 + Yardbook.MAPS_PER_PAGE_MAX; attachment++) {
      told(
          device,
          buffer,
          new Buffer.Attach(
              header(),
              DEVICE,
              demand(DmaConstraints.UNLIMITED),
              true,
              new BusPath.Translated(iommu, 0),
              device));
      told(
          buffer, device, new Importer.Attached(requests, ID, attachment, MappingKind.SCATTERLIST));
      told(
          buffer,
          iommu,
          new Iommu.Map(
              0, attachment, HERE, DmaDirection.BIDIRECTIONAL, DmaConstraints.UNLIMITED, buffer));
      told(iommu, buffer, new Buffer.IommuMapped(attachment, new Iommu.Mapped(table)));
    }
    expect(Rule.D22);
    assertThat(sanitizer.failed()).as("a warning alone").isFalse();
  }

  @Test
  void map_oneAttachmentTwice_D38() {
    wellMapped();
    mapped(table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED), HERE, DmaConstraints.UNLIMITED);
    expect(Rule.D38);
  }

  @Test
  void move_awayFromUnderAMapping_D40() {
    wellMapped();
    moving();
    prepared();
    expect(Rule.D40);
  }

  @Test
  void move_underAFence_D39() {
    wellMapped();
    use(0, 1, 1);
    moving();
    prepared();
    expect(Rule.D39);
  }

  @Test
  void move_ofAPinned_D80() {
    attached(DmaConstraints.UNLIMITED);
    told(device, buffer, new Buffer.Pin(header(), ATTACHMENT, device));
    told(buffer, device, new Importer.Pinned(requests, ID));
    moving();
    prepared();
    expect(Rule.D80);
  }

  @Test
  void pin_duringAMove_D42() {
    attached(DmaConstraints.UNLIMITED);
    moving();
    told(device, buffer, new Buffer.Pin(header(), ATTACHMENT, device));
    told(buffer, device, new Importer.Pinned(requests, ID));
    expect(Rule.D42);
  }

  @Test
  void land_otherBytesThanLeft_D77_withoutTellingThem() {
    attached(DmaConstraints.UNLIMITED);
    memory.write(FIRST_PFN, SECRET);
    moving();
    prepared();
    landed(0, THERE);
    expect(Rule.D77);
    expectNoContents();
  }

  @Test
  void freed_withAttachmentLeft_D43() {
    attached(DmaConstraints.UNLIMITED);
    told(buffer, migration, new Slab.Gone(ID, 1));
    expect(Rule.D43);
  }

  @Test
  void fences_tooMany_D54() {
    wellMapped();
    for (int fence = 0; fence <= 4_096; fence++) {
      Ticket ticket = new Ticket(0, DEVICE, fence);
      told(
          device,
          buffer,
          new Buffer.Use(header(), ATTACHMENT, 1, FenceUsage.READ, ticket, 0, 1, device));
      told(
          buffer,
          device,
          new Importer.UseGranted(requests, ID, 1, Contents.neverWritten(PAGES), 0, 0));
    }
    expect(Rule.D54);
  }

  @Test
  void free_pagesStillMapped_D60() {
    wellMapped();
    told(migration, migration, new Region.Free(HERE, PAGES, true));
    expect(Rule.D60);
    expect(Rule.D32);
  }

  @Test
  void reserve_takenPages_D79() {
    attached(DmaConstraints.UNLIMITED);
    told(migration, migration, new Migration.Reserved(0, 2, HERE, false));
    expect(Rule.D79);
  }

  @Test
  void reserve_pagesWithOldContents_D88_withoutTellingThem() {
    attached(DmaConstraints.UNLIMITED);
    memory.write(FIRST_PFN, SECRET);
    moving();
    prepared();
    memory.write(FIRST_PFN + 8, SECRET);
    landed(0, THERE);
    told(migration, migration, new Region.Free(HERE, PAGES, true));
    told(migration, migration, new Migration.Reserved(0, 3, HERE, false));
    expect(Rule.D88);
    expectNoContents();
    assertThat(SECRET).isNotIn(PageTags.POISON, PageTags.ZERO);
  }

  /** No report has a page's contents in it: D92. */
  private void expectNoContents() {
    for (Finding finding : sanitizer.findings()) {
      assertThat(finding.line() + finding.history())
          .doesNotContainIgnoringCase(Long.toHexString(SECRET))
          .doesNotContain(Long.toString(SECRET));
    }
  }

  @Test
  void map_whileInAFile_D89() {
    attached(DmaConstraints.UNLIMITED);
    memory.addMemory(FILE_PFN, 64);
    moving();
    prepared();
    Extents file = Extents.of(FILE_PFN, PAGES);
    landed(1, file);
    mapped(table(FILE_PFN, PAGES, DmaConstraints.UNLIMITED), file, DmaConstraints.UNLIMITED);
    expect(Rule.D89);
  }

  @Test
  void detach_byForceBeforeTheDeadline_D52() {
    wellMapped();
    moving();
    now = DEADLINE - 1;
    told(buffer, device, new Importer.ForceDetached(ID, ATTACHMENT, 1));
    expect(Rule.D52);
  }

  @Test
  void unpin_ofNothing_D41() {
    attached(DmaConstraints.UNLIMITED);
    told(device, buffer, new Buffer.Unpin(header(), ATTACHMENT, device));
    told(buffer, device, new Importer.Unpinned(requests, ID));
    expect(Rule.D41);
  }

  @Test
  void bracket_besideAWriter_D49() {
    wellMapped();
    use(0, 1, 1);
    told(
        session,
        buffer,
        new Buffer.BeginCpu(header(), DmaDirection.FROM_DEVICE, 0, 1, session.unsafeUpcast()));
    told(
        buffer, session, new Buffer.CpuOpened(requests, ID, HERE, Contents.neverWritten(PAGES), 0));
    expect(Rule.D49);
  }

  @Test
  void access_afterTheMappingIsGone_D64() {
    wellMapped();
    SgTable table = table(FIRST_PFN, PAGES, DmaConstraints.UNLIMITED);
    use(0, 1, 1);
    told(iommu, buffer, new Buffer.IommuUnmapped(ATTACHMENT, 1));
    DmaJob.Access late = new DmaJob.Access(ID, table, 0, 1, true, Contents.neverWritten(PAGES), 1);
    sanitizer.memoryWatch().touched(DEVICE, late, 0, FIRST_PFN);
    expect(Rule.D64);
  }

  @Test
  void answer_unasked_D81() {
    attached(DmaConstraints.UNLIMITED);
    told(buffer, device, new Importer.Pinned(9_999, ID));
    expect(Rule.D81);
  }

  @Test
  void answer_toAnEpochThatIsOver_D82() {
    attached(DmaConstraints.UNLIMITED);
    told(device, buffer, new Buffer.Pin(new Header(70, CLIENT, 2, HANDLE), ATTACHMENT, device));
    told(device, buffer, new Buffer.Pin(new Header(71, CLIENT, 1, HANDLE), ATTACHMENT, device));
    told(buffer, device, new Importer.Pinned(71, ID));
    expect(Rule.D82);
  }

  @Test
  void request_unansweredForTooLong_D91() {
    attached(DmaConstraints.UNLIMITED);
    told(device, buffer, new Buffer.Pin(header(), ATTACHMENT, device));
    now = AGE_MAX + 1;
    for (int message = 0; message < 256; message++) {
      told(migration, buffer, new Buffer.CopyDone(1));
    }
    assertThat(sanitizer.counts()).containsOnlyKeys(List.of(Rule.D91).toArray(Rule[]::new));
    assertThat(sanitizer.findings().getFirst().text()).contains("device-gpu asked Pin");
  }
}
