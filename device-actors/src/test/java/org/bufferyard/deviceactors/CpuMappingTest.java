package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program's own mapping: filled in at the first access, gone with a move, faulted back in. */
class CpuMappingTest {
  private static final long PAGES = 16;

  private final YardRig rig =
      new YardRig(12, Faults.NONE, Member.of(CatalogKind.IMPORTER, "importer"));
  private final Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);

  @AfterEach
  void close() {
    assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    assertThat(rig.failures()).isZero();
    rig.close();
  }

  private void mapped() {
    assertThat(rig.mmap(buffer, 0, PAGES)).isInstanceOf(Session.Mmapped.class);
  }

  private long faults() {
    return rig.sessionBooks().faults();
  }

  private void expectRead() {
    assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
  }

  private static Errno errno(Session.Reply reply) {
    return ((Session.Refused) reply).refusal().errno();
  }

  @Test
  void access_severalThroughOneMapping_oneFault() {
    mapped();
    assertThat(faults()).isZero();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    expectRead();
    expectRead();
    assertThat(faults()).isEqualTo(1);
  }

  @Test
  void moved_mappingTakenAwayAndFaultedBackIn_contentsKept() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    Session.Grant whole = rig.crowdOut();
    assertThat(rig.migration().evictions()).isEqualTo(1);
    assertThat(rig.events).noneMatch(YardEvent.Laggard.class::isInstance);
    rig.release(whole);
    expectRead();
    assertThat(faults()).isEqualTo(2);
  }

  @Test
  void moved_betweenTwoWrites_bothLandWhereTheBufferIs() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    rig.release(rig.crowdOut());
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
        .isInstanceOfSatisfying(
            Device.JobDone.class, done -> assertThat(done.pagesRead()).isEqualTo(PAGES));
  }

  @Test
  void mapped_isNoPin() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    assertThat(rig.regions().get(YardRig.SYSTEM).residentPages()).isEqualTo(PAGES);
    rig.crowdOut();
    assertThat(rig.regions().get(YardRig.SYSTEM).residentPages()).isEqualTo(YardRig.REGION_PAGES);
  }

  @Test
  void released_theMappingKeepsTheBufferUntilItIsUnmapped() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    rig.release(buffer);
    assertThat(rig.regions().get(YardRig.SYSTEM).usedPages()).isEqualTo(PAGES);
    assertThat(rig.munmap(buffer)).isInstanceOf(Session.Munmapped.class);
    assertThat(rig.regions().get(YardRig.SYSTEM).usedPages()).isZero();
  }

  @Test
  void ended_theClientsMappingsGoWithIt() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    rig.tellSession(new Session.End());
    assertThat(rig.regions().get(YardRig.SYSTEM).usedPages()).isZero();
  }

  @Test
  void revoked_accessRefusedAndTheMemoryBackAtOnce() {
    mapped();
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    rig.revoke(buffer);
    assertThat(rig.sessionReplies.getLast()).isInstanceOf(Session.Revoked.class);
    assertThat(rig.regions().get(YardRig.SYSTEM).usedPages()).isZero();
    assertThat(errno(rig.cpu(buffer, DmaDirection.FROM_DEVICE))).isEqualTo(Errno.ENODEV);
  }

  @Test
  void mapped_twiceOrUnmappedTwice_refused() {
    mapped();
    assertThat(errno(rig.mmap(buffer, 0, PAGES))).isEqualTo(Errno.EALREADY);
    rig.munmap(buffer);
    assertThat(errno(rig.munmap(buffer))).isEqualTo(Errno.EINVAL);
    expectRead();
    assertThat(faults()).isZero();
  }

  @Test
  void mapped_forReadingAlone_readsAndRefusesWrites() {
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    Session.Grant reader = rig.shareWithOther(buffer, Rights.CPU | Rights.READ);
    assertThat(rig.tellOther(new Session.Mmap(reader.handle(), 0, PAGES, rig.client())))
        .isInstanceOf(Session.Mmapped.class);
    assertThat(other(reader, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(reader.handle(), PAGES));
    assertThat(errno(other(reader, DmaDirection.TO_DEVICE))).isEqualTo(Errno.EACCES);
    assertThat(errno(other(reader, DmaDirection.BIDIRECTIONAL))).isEqualTo(Errno.EACCES);
    assertThat(errno(rig.tellOther(new Session.Vmap(reader.handle(), rig.client()))))
        .isEqualTo(Errno.EACCES);
    expectRead();
  }

  @ParameterizedTest
  @ValueSource(ints = {Rights.MAP, Rights.CPU, Rights.CPU | Rights.WRITE})
  void mapped_withoutBothTheCpusRightAndTheRightToRead_eperm(int rights) {
    Session.Grant poor = rig.shareWithOther(buffer, rights);
    assertThat(errno(rig.tellOther(new Session.Mmap(poor.handle(), 0, 1, rig.client()))))
        .isEqualTo(Errno.EPERM);
    assertThat(errno(other(poor, DmaDirection.FROM_DEVICE))).isEqualTo(Errno.EPERM);
  }

  @Test
  void access_ofWhoMayOnlyWrite_writesAndReadsNothing() {
    Session.Grant writer = rig.shareWithOther(buffer, Rights.CPU | Rights.WRITE);
    assertThat(other(writer, DmaDirection.TO_DEVICE))
        .isEqualTo(new Session.CpuDone(writer.handle(), 0));
    assertThat(errno(other(writer, DmaDirection.BIDIRECTIONAL))).isEqualTo(Errno.EPERM);
    expectRead();
  }

  private Session.Reply other(Session.Grant grant, DmaDirection direction) {
    return rig.tellOther(
        new Session.CpuAccess(grant.handle(), direction, 0, PAGES, 1, rig.client()));
  }
}
