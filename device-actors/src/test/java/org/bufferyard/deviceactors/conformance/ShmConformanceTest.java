package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.PlainImporter;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

/** {@code drivers/gpu/drm/tests/drm_gem_shmem_test.c}, a buffer of 1 MiB in system memory. */
class ShmConformanceTest {
  private static final long MIB_PAGES = 256;
  private static final int FILLERS = 6;

  private static YardRig rig() {
    return new YardRig(2, Faults.NONE, Member.of(CatalogKind.IMPORTER, "importer"));
  }

  private static long residentInSystem(YardRig rig) {
    return rig.regions().get(YardRig.SYSTEM).residentPages();
  }

  private static void needRoom(YardRig rig) {
    for (int filler = 0; filler < FILLERS; filler++) {
      Session.Grant other = rig.export(MIB_PAGES, YardRig.SYSTEM);
      rig.cpu(other, DmaDirection.TO_DEVICE);
      rig.release(other);
    }
  }

  /** drm_gem_shmem_test_obj_create */
  @Test
  void SHM1_create_hasItsSizeAndNoPages() {
    try (YardRig rig = rig()) {
      assertThat(rig.export(MIB_PAGES, YardRig.SYSTEM).sizePages()).isEqualTo(MIB_PAGES);
      assertThat(rig.regions()).allMatch(region -> region.usedPages() == 0);
    }
  }

  /** drm_gem_shmem_test_obj_create_private */
  @Test
  void SHM2_importOfWhatAnotherExported_samePagesAndContents() {
    try (YardRig rig = rig()) {
      Session.Grant own = rig.export(MIB_PAGES, YardRig.SYSTEM);
      rig.cpu(own, DmaDirection.TO_DEVICE);
      rig.share(own, own.rights());
      Session.Grant imported =
          rig.sessionReplies.stream()
              .filter(Session.Imported.class::isInstance)
              .map(reply -> ((Session.Imported) reply).grant())
              .findFirst()
              .orElseThrow();
      assertThat(imported.buffer()).isEqualTo(own.buffer());
      assertThat(imported.handle()).isNotEqualTo(own.handle());
      assertThat(rig.cpu(imported, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(imported.handle(), MIB_PAGES));
      assertThat(residentInSystem(rig)).isEqualTo(MIB_PAGES);
    }
  }

  /** drm_gem_shmem_test_pin_pages */
  @Test
  void SHM3_pin_allPagesAndUseCountOne_unpinNone() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(MIB_PAGES, YardRig.SYSTEM);
      assertThat(rig.pin(0, buffer, true)).isInstanceOf(Device.PinDone.class);
      long pinnedIn = rig.regions().stream().filter(r -> r.residents() > 0).count();
      assertThat(pinnedIn).isEqualTo(1);
      assertThat(rig.pin(0, buffer, false)).isInstanceOf(Device.PinDone.class);
      assertThat(rig.pin(0, buffer, false)).isInstanceOf(Device.JobRefused.class);
    }
  }

  /** drm_gem_shmem_test_vmap: filled with 0xAE and read back. */
  @Test
  void SHM4_vmap_filledAndReadBack() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(MIB_PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(buffer.handle(), MIB_PAGES));
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  /** drm_gem_shmem_test_get_pages_sgt and get_sg_table */
  @Test
  void SHM5_scatterlist_coversTheBuffer() {
    try (YardRig rig = rig()) {
      List<Importer.Event> heard = new ArrayList<>();
      Session.Grant buffer = rig.export(MIB_PAGES, YardRig.SYSTEM);
      rig.spawn(PlainImporter.create(CatalogKind.CAMERA.named("camera"), buffer, heard));
      rig.run(10);
      assertThat(heard)
          .filteredOn(Importer.Mapped.class::isInstance)
          .singleElement()
          .satisfies(
              mapped ->
                  assertThat(((Importer.Mapped) mapped).table().totalBytes()).isEqualTo(1 << 20));
    }
  }

  /** What a pin is for; upstream counts, and evicts nothing. */
  @Test
  void SHM3_pinned_neverEvicted_unpinnedEvicted() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(MIB_PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      rig.pin(0, buffer, true);
      rig.cpu(rig.export(3 * MIB_PAGES, YardRig.SYSTEM), DmaDirection.TO_DEVICE);
      needRoom(rig);
      long whilePinned = rig.migration().evictions();
      rig.pin(0, buffer, false);
      Session.Grant whole = rig.export(4 * MIB_PAGES, YardRig.SYSTEM);
      rig.cpu(whole, DmaDirection.TO_DEVICE);
      assertThat(residentInSystem(rig)).isEqualTo(4 * MIB_PAGES);
      assertThat(rig.migration().evictions()).isGreaterThan(whilePinned);
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE)).isInstanceOf(Session.CpuDone.class);
    }
  }
}
