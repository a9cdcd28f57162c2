package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.path.PathSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every device kind of the catalogue keeps, whatever its path and hooks, with the same
 * importer's code: it reads what was last written by whomever, others read what it wrote, it
 * survives its buffers being moved, and it gives everything back.
 */
class DeviceContractTest {
  private static final long PAGES = 40;
  private static final int FILLER_PAGES = 256;

  /** A second user that reaches whatever region the first needs. */
  private static final int PARTNER = 1;

  private static Stream<CatalogKind> kinds() {
    return Stream.of(CatalogKind.values()).filter(DeviceContractTest::doesDma);
  }

  private static boolean doesDma(CatalogKind kind) {
    return kind.named("it").dmaAncestor() == null && !kind.named("it").secure();
  }

  private static YardRig rig(Member member) {
    CatalogKind partner =
        member.demand().name().equals(CatalogKind.SCANOUT.label())
            ? CatalogKind.NIC
            : CatalogKind.IMPORTER;
    return new YardRig(7, Faults.NONE, member, Member.of(partner, "partner"));
  }

  private static YardRig rig(CatalogKind kind) {
    return rig(Member.of(kind, kind.label()));
  }

  private static void done(Device.Reply reply) {
    assertThat(reply).isInstanceOf(Device.JobDone.class);
  }

  private static void clean(YardRig rig) {
    assertThat(rig.events.stream().filter(DeviceContractTest::isViolation)).isEmpty();
    assertThat(rig.failures()).isZero();
  }

  private static boolean isViolation(Object event) {
    return event instanceof org.bufferyard.actors.protocol.YardEvent.Violation;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void reads_afterTheCpuAndAnotherDeviceWrote_seesTheLastWrite(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      Session.Grant buffer = rig.export(PAGES);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      done(rig.job(PARTNER, buffer, DmaDirection.FROM_DEVICE, 3, 20));
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      clean(rig);
      assertThat(rig.books(0).traffic().pagesRead()).isEqualTo(2 * PAGES);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void writes_aPart_othersReadItAndTheRestIsAsItWas(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      Session.Grant buffer = rig.export(PAGES);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      done(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 5, 7));
      done(rig.job(PARTNER, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
      clean(rig);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void moved_betweenTwoJobs_readsTheSameContents(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      Session.Grant buffer = rig.export(PAGES);
      done(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES));
      for (int region : List.of(YardRig.VRAM, YardRig.CMA, YardRig.TILER, YardRig.SYSTEM)) {
        fill(rig, region);
      }
      assertThat(rig.migration().evictions()).isPositive();
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      clean(rig);
    }
  }

  /** More than the region holds, so that what was there before has to go. */
  private static void fill(YardRig rig, int region) {
    for (int filler = 0; filler <= YardRig.REGION_PAGES / FILLER_PAGES; filler++) {
      assertThat(rig.cpu(rig.export(FILLER_PAGES, region), DmaDirection.TO_DEVICE))
          .isInstanceOf(Session.CpuDone.class);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void released_afterUse_everythingIsGivenBack(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      List<Session.Grant> buffers = new ArrayList<>();
      for (long pages : List.of(1L, 20L, 64L)) {
        buffers.add(rig.export(pages));
        done(rig.job(0, buffers.getLast(), DmaDirection.BIDIRECTIONAL, 0, pages));
      }
      buffers.forEach(buffer -> rig.forget(0, buffer));
      buffers.forEach(rig::release);
      assertThat(rig.books(0).attachments()).isZero();
      assertThat(rig.regions()).allMatch(region -> region.usedPages() == 0);
      assertThat(rig.translators())
          .allMatch(books -> books.mappings() == 0 && books.mappedPages() == 0)
          .allMatch(books -> books.faults() == 0);
      clean(rig);
    }
  }

  /** Who copies says so, and nobody else does. */
  @ParameterizedTest
  @MethodSource("kinds")
  void copies_countedWhereThePathCopies(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      done(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 1, 3));
      long copied = kind.path().copies() || kind.hook().copies() ? (PAGES + 3) * 4096 : 0;
      assertThat(rig.books(0).traffic().copiedBytes()).isEqualTo(copied);
    }
  }

  private static Stream<CatalogKind> leaves() {
    return Stream.of(CatalogKind.USB_DISPLAY, CatalogKind.USB_CAMERA);
  }

  @ParameterizedTest
  @MethodSource("leaves")
  void attach_aLeafOfTheBus_refusedAndTellsWhomToAttach(CatalogKind kind) {
    try (YardRig rig = rig(kind)) {
      Session.Grant buffer = rig.export(PAGES);
      Device.Reply reply = rig.attach(0, buffer);
      assertThat(reply)
          .isInstanceOfSatisfying(
              Device.JobRefused.class,
              refused -> {
                assertThat(refused.refusal().errno()).isEqualTo(Errno.ENODEV);
                assertThat(refused.refusal().toString()).contains("attach usb-host");
              });
      assertThat(rig.books(0).attachments()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("leaves")
  void attach_aLeafThatAsksForTheCopyPath_servedByTheCpu(CatalogKind kind) {
    Member leaf = Member.of(kind, "leaf");
    Member copied =
        leaf.withDemand(leaf.demand().withCopyPath(DmaPath.CPU))
            .withPath(PathSpec.of("leaf", DmaPath.CPU));
    try (YardRig rig = rig(copied)) {
      Session.Grant buffer = rig.export(PAGES);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      done(rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, 2));
      rig.cpu(buffer, DmaDirection.FROM_DEVICE);
      clean(rig);
      assertThat(rig.books(0).traffic().copiedBytes()).isEqualTo((PAGES + 2) * 4096);
    }
  }

  @Test
  void attachOnly_thenForget_leavesNothing() {
    try (YardRig rig = rig(CatalogKind.IMPORTER)) {
      Session.Grant buffer = rig.export(PAGES);
      assertThat(rig.attach(0, buffer)).isInstanceOf(Device.AttachDone.class);
      assertThat(rig.books(0).attachments()).isEqualTo(1);
      rig.forget(0, buffer);
      assertThat(rig.books(0).attachments()).isZero();
    }
  }

  /** Constraints of all that attach are known before the pages are chosen. */
  @Test
  void attachOnly_ofTheStrictestDevice_decidesThePlacement() {
    try (YardRig rig = rig(CatalogKind.CSI_CAMERA)) {
      Session.Grant buffer = rig.export(PAGES);
      rig.attach(0, buffer);
      done(rig.job(PARTNER, buffer, DmaDirection.FROM_DEVICE, 0, PAGES));
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      assertThat(rig.migration().migrations()).isZero();
      assertThat(rig.regions())
          .filteredOn(region -> region.usedPages() > 0)
          .extracting(region -> region.region())
          .containsExactly(YardRig.CMA);
      clean(rig);
    }
  }

  @Test
  void flush_behindAnIommu_countedWithoutTheImporterKnowing() {
    try (YardRig rig = rig(CatalogKind.ISP)) {
      Session.Grant buffer = rig.export(PAGES);
      done(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES));
      rig.forget(0, buffer);
      assertThat(rig.translators().stream().mapToLong(Iommu.Books::flushedPages).sum())
          .isEqualTo(2 * PAGES);
    }
  }

  @Test
  void reject_byTheModel_refusesTheJobWithTheReasonAndLeavesNothing() {
    Member member = Member.of(CatalogKind.IMPORTER, "scanner");
    try (YardRig rig = rig(member.withPath(member.path().withMappingBytesMax(4096)))) {
      Session.Grant buffer = rig.export(PAGES);
      Device.Reply reply = rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES);
      assertThat(reply)
          .isInstanceOfSatisfying(
              Device.JobRefused.class,
              refused -> {
                assertThat(refused.refusal().errno()).isEqualTo(Errno.E2BIG);
                assertThat(refused.refusal().reason()).contains("scanner maps at most 4096");
              });
      assertThat(rig.translators()).allMatch(books -> books.mappings() == 0);
      done(rig.job(0, rig.export(1), DmaDirection.TO_DEVICE, 0, 1));
    }
  }
}
