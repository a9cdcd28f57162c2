package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code drivers/gpu/drm/i915/gem/selftests/i915_gem_dmabuf.c} */
class DbufConformanceTest {
  private final YardRig rig =
      new YardRig(10, Faults.NONE, Member.of(CatalogKind.IMPORTER, "importer"));

  @AfterEach
  void close() {
    assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    rig.close();
  }

  private long usedPages() {
    return rig.regions().stream().mapToLong(region -> region.usedPages()).sum();
  }

  private Session.Reply otherCpu(Session.Grant grant, DmaDirection direction) {
    return rig.tellOther(new Session.CpuAccess(grant.handle(), direction, 0, 1, 1, rig.client()));
  }

  /** igt_dmabuf_export */
  @Test
  void DBUF1_export_aHandleWithAllRights() {
    assertThat(rig.export(1).rights()).isEqualTo(Rights.ALL);
  }

  /** igt_dmabuf_import_self */
  @Test
  void DBUF2_ownImported_theSameBufferAndAliveUntilBothAreReleased() {
    Session.Grant own = rig.export(1, YardRig.SYSTEM);
    rig.cpu(own, DmaDirection.TO_DEVICE);
    rig.share(own, own.rights());
    Session.Grant imported =
        rig.sessionReplies.stream()
            .filter(Session.Imported.class::isInstance)
            .map(reply -> ((Session.Imported) reply).grant())
            .findFirst()
            .orElseThrow();
    assertThat(imported.buffer()).isEqualTo(own.buffer());
    rig.release(own);
    assertThat(usedPages()).isEqualTo(1);
    rig.release(imported);
    assertThat(usedPages()).isZero();
  }

  /** igt_dmabuf_import */
  @Test
  void DBUF3_foreignImported_itsSize() {
    Session.Grant imported = rig.shareWithOther(rig.export(1), Rights.MAP);
    assertThat(imported.sizePages()).isEqualTo(1);
    assertThat(imported.rights()).isEqualTo(Rights.MAP);
  }

  /** igt_dmabuf_import_ownership */
  @Test
  void DBUF4_exportersPut_theImportKeepsItAlive() {
    Session.Grant own = rig.export(1, YardRig.SYSTEM);
    rig.cpu(own, DmaDirection.TO_DEVICE);
    Session.Grant imported = rig.shareWithOther(own, Rights.CPU | Rights.READ);
    rig.release(own);
    assertThat(otherCpu(imported, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(imported.handle(), 1));
    rig.tellOther(new Session.Release(imported.handle(), rig.client()));
    assertThat(usedPages()).isZero();
  }

  /** igt_dmabuf_export_vmap: what was never written reads as zero. */
  @Test
  void DBUF5_exported_contentsAreZero() {
    Session.Grant dirty = rig.export(YardRig.REGION_PAGES, YardRig.SYSTEM);
    rig.cpu(dirty, DmaDirection.TO_DEVICE);
    rig.release(dirty);
    Session.Grant imported =
        rig.shareWithOther(rig.export(1, YardRig.SYSTEM), Rights.CPU | Rights.MAP);
    assertThat(otherCpu(imported, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(imported.handle(), 1));
  }

  /** igt_dmabuf_export_kmap */
  @Test
  void DBUF6_mappedByPage_outsideFailsAndWritesAreSeenByOthers() {
    Session.Grant buffer = rig.export(2, YardRig.SYSTEM);
    for (long page : new long[] {2, -1}) {
      assertThat(rig.mmap(buffer, page, 1))
          .isInstanceOfSatisfying(
              Session.Refused.class,
              refused -> assertThat(refused.refusal().errno()).isEqualTo(Errno.EINVAL));
    }
    assertThat(rig.mmap(buffer, 0, 1)).isInstanceOf(Session.Mmapped.class);
    rig.tellSession(
        new Session.CpuAccess(buffer.handle(), DmaDirection.TO_DEVICE, 0, 1, 1, rig.client()));
    rig.run(10);
    assertThat(rig.sessionBooks().faults()).isEqualTo(1);
    assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, 2))
        .isInstanceOfSatisfying(
            Device.JobDone.class, done -> assertThat(done.pagesRead()).isEqualTo(2));
  }
}
