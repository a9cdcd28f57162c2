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
  void mapped_byTheRightToTheCpuAlone() {
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    Session.Grant cpuOnly = rig.shareWithOther(buffer, Rights.CPU);
    assertThat(rig.tellOther(new Session.Mmap(cpuOnly.handle(), 0, PAGES, rig.client())))
        .isInstanceOf(Session.Mmapped.class);
    assertThat(
            rig.tellOther(
                new Session.CpuAccess(
                    cpuOnly.handle(), DmaDirection.FROM_DEVICE, 0, PAGES, 1, rig.client())))
        .isEqualTo(new Session.CpuDone(cpuOnly.handle(), PAGES));
    Session.Grant mapOnly = rig.shareWithOther(buffer, Rights.MAP);
    assertThat(errno(rig.tellOther(new Session.Mmap(mapOnly.handle(), 0, 1, rig.client()))))
        .isEqualTo(Errno.EPERM);
  }
}
