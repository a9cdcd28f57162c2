package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.RudeImporter.Manner;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buffers taken away, offered and pinned, in a whole yard: what comes back, and who is told. */
class RevocationTest {
  private static final long PAGES = 16;

  private static YardRig rig() {
    return new YardRig(
        6,
        Faults.NONE,
        Member.of(CatalogKind.IMPORTER, "importer"),
        Member.of(CatalogKind.NVME, "static"));
  }

  private static long usedPages(YardRig rig) {
    return rig.regions().stream().mapToLong(region -> region.usedPages()).sum();
  }

  private static long revoked(YardRig rig) {
    return rig.sessionReplies.stream().filter(Session.Revoked.class::isInstance).count();
  }

  private static void expectNothingLeft(YardRig rig) {
    assertThat(usedPages(rig)).isZero();
    assertThat(rig.translators())
        .allSatisfy(books -> assertThat(books.mappings() + books.iovaPages()).isZero());
    assertThat(rig.sessionBooks().openRequests()).isZero();
    assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
  }

  private static Errno refused(Device.Reply reply) {
    return ((Device.JobRefused) reply).refusal().errno();
  }

  /** Cached by a dynamic device, pinned by it, and used by a static one. */
  @Test
  void revoked_mappedAndPinned_memoryBackAndEverythingRefused() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES);
      rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES);
      rig.pin(0, buffer, true);
      rig.job(1, buffer, DmaDirection.TO_DEVICE, 0, PAGES);
      rig.revoke(buffer);
      assertThat(revoked(rig)).isEqualTo(1);
      assertThat(refused(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES)))
          .isEqualTo(Errno.ENODEV);
      assertThat(refused(rig.pin(1, buffer, true))).isEqualTo(Errno.ENODEV);
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isInstanceOfSatisfying(
              Session.Refused.class,
              reply -> assertThat(reply.refusal().errno()).isEqualTo(Errno.ENODEV));
      rig.forget(0, buffer);
      rig.forget(1, buffer);
      rig.release(buffer);
      expectNothingLeft(rig);
    }
  }

  @ParameterizedTest
  @EnumSource(Manner.class)
  void revoked_whateverTheImporterDoes_theMemoryComesBack(Manner manner) {
    try (YardRig rig = rig()) {
      List<Importer.Event> heard = new ArrayList<>();
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      rig.spawn(RudeImporter.create(manner, buffer, YardRig.CLIENT, heard));
      rig.run(10);
      assertThat(heard).hasAtLeastOneElementOfType(Importer.Mapped.class);
      rig.revoke(buffer);
      assertThat(usedPages(rig)).isEqualTo(manner == Manner.RE_ENTRANT ? 0 : PAGES);
      rig.run(6_000);
      assertThat(revoked(rig)).isEqualTo(1);
      assertThat(usedPages(rig)).isZero();
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
      List<Boolean> reports =
          rig.events.stream()
              .filter(YardEvent.Laggard.class::isInstance)
              .map(event -> ((YardEvent.Laggard) event).forced())
              .toList();
      switch (manner) {
        case LATE -> assertThat(reports).containsExactly(false);
        case SILENT, THROWING -> assertThat(reports).containsExactly(false, true);
        case RE_ENTRANT -> assertThat(reports).isEmpty();
      }
    }
  }

  /** The CPU is about to write when the memory is taken away: its writes reach nothing. */
  @Test
  void revoked_bracketOpen_itsWritesDoNotLand() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.tellSession(
          new Session.CpuAccess(
              buffer.handle(), DmaDirection.TO_DEVICE, 0, PAGES, 500_000_000L, rig.client()));
      rig.revoke(buffer);
      assertThat(rig.sessionReplies)
          .hasAtLeastOneElementOfType(Session.Revoked.class)
          .anySatisfy(
              reply ->
                  assertThat(reply)
                      .isInstanceOfSatisfying(
                          Session.Refused.class,
                          refused ->
                              assertThat(refused.refusal().errno()).isEqualTo(Errno.ENODEV)));
      rig.run(1_000);
      long base = YardRig.region(YardRig.SYSTEM).basePfn();
      for (long page = 0; page < YardRig.REGION_PAGES; page++) {
        assertThat(rig.memory().read(base + page)).isIn(PageTags.ZERO, PageTags.POISON);
      }
      rig.release(buffer);
      expectNothingLeft(rig);
    }
  }

  @Test
  void offered_roomNeeded_purgedWithoutACopyAndReadsAsZero() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      assertThat(rig.offer(buffer)).isInstanceOf(Session.OfferDone.class);
      Session.Grant whole = rig.export(YardRig.REGION_PAGES, YardRig.SYSTEM);
      rig.cpu(whole, DmaDirection.TO_DEVICE);
      assertThat(rig.migration().moved()).allMatch(link -> link.bytes() == 0);
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isInstanceOfSatisfying(
              Session.Refused.class,
              reply -> assertThat(reply.refusal().errno()).isEqualTo(Errno.EFAULT));
      assertThat(rig.reclaim(buffer)).isEqualTo(new Session.Reclaimed(buffer.handle(), false));
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
      rig.release(buffer);
      rig.release(whole);
      expectNothingLeft(rig);
    }
  }

  @Test
  void offered_andReclaimedInTime_keepsItsContents() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      rig.offer(buffer);
      assertThat(rig.reclaim(buffer)).isEqualTo(new Session.Reclaimed(buffer.handle(), true));
      rig.cpu(rig.export(YardRig.REGION_PAGES, YardRig.SYSTEM), DmaDirection.TO_DEVICE);
      assertThat(rig.migration().evictions()).isPositive();
      assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
          .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  /** Over all buffers of the client, each counted once however often it is pinned. */
  @Test
  void pinned_clientsQuota_edquotUntilAnotherIsUnpinned() {
    YardSettings settings = YardSettings.defaults().withPins(new PinQuota(3, 2 * PAGES));
    Member importer = Member.of(CatalogKind.IMPORTER, "importer");
    try (YardRig rig = new YardRig(7, Faults.NONE, settings, importer)) {
      Session.Grant first = rig.export(PAGES);
      Session.Grant second = rig.export(PAGES);
      Session.Grant third = rig.export(1);
      assertThat(rig.pin(0, first, true)).isInstanceOf(Device.PinDone.class);
      assertThat(rig.pin(0, first, true)).isInstanceOf(Device.PinDone.class);
      assertThat(rig.pin(0, second, true)).isInstanceOf(Device.PinDone.class);
      assertThat(rig.sessionBooks().pinnedPages()).isEqualTo(2 * PAGES);
      assertThat(rig.pin(0, third, true))
          .isInstanceOfSatisfying(
              Device.JobRefused.class,
              reply -> {
                assertThat(reply.refusal().errno()).isEqualTo(Errno.EDQUOT);
                assertThat(reply.refusal().reason()).contains("pinned 32 of at most 32 pages");
              });
      rig.forget(0, second);
      assertThat(rig.pin(0, third, true)).isInstanceOf(Device.PinDone.class);
      assertThat(rig.sessionBooks().pinnedPages()).isEqualTo(PAGES + 1);
    }
  }
}
