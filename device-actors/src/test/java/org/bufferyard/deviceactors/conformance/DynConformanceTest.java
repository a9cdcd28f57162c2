package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.ImportTerms;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.Guest;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code move_notify} obliges to; nobody upstream tests it. */
class DynConformanceTest {
  private static final long PAGES = 16;
  private static final ImportTerms DYNAMIC = ImportTerms.of(true);
  private static final ImportTerms STATIC = ImportTerms.of(false);
  private static final DeviceDemand CAMERA = CatalogKind.CAMERA.named("camera");
  private static final DeviceDemand NIC = CatalogKind.NIC.named("nic");

  private final YardRig rig = new YardRig(8, Faults.NONE, Member.of(CatalogKind.GPU, "gpu"));

  @AfterEach
  void close() {
    assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    rig.close();
  }

  private Session.Grant written(int heap) {
    Session.Grant buffer = rig.export(PAGES, heap);
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    return buffer;
  }

  private void expectContents(Session.Grant buffer) {
    assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
  }

  private long evictions() {
    return rig.migration().evictions();
  }

  @Test
  void DYN01_mappedAndEvicted_oneInvalidateEachInOrder() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    List<Guest> guests =
        List.of(new Guest(rig, buffer, CAMERA, 1), new Guest(rig, buffer, CAMERA, 2));
    List<Long> generations =
        guests.stream().map(guest -> guest.mapped(DYNAMIC).generation()).toList();
    rig.crowdOut();
    assertThat(guests)
        .allSatisfy(
            guest ->
                assertThat(guest.invalidates())
                    .extracting(Importer.Invalidate::generation)
                    .containsExactly(generations.getFirst()));
    assertThat(guests.getFirst().invalidates().getFirst().attachment())
        .isLessThan(guests.getLast().invalidates().getFirst().attachment());
    guests.forEach(guest -> guest.unmap(generations.getFirst()));
    expectContents(buffer);
  }

  @Test
  void DYN02_staticallyMapped_noVictimUntilUnmapped() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    long generation = guest.mapped(STATIC).generation();
    rig.crowdOut();
    rig.run(3_000);
    assertThat(evictions()).isZero();
    assertThat(guest.invalidates()).isEmpty();
    guest.unmap(generation);
    rig.crowdOut();
    assertThat(evictions()).isPositive();
  }

  @Test
  void DYN03_bookkeepFence_oldPagesNotReusedBeforeItSignals() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    Importer.Mapped mapped = guest.mapped(DYNAMIC);
    guest.use(mapped.generation(), FenceUsage.BOOKKEEP, 5);
    long pfn = mapped.table().address(0) >>> 12;
    long tag = rig.memory().read(pfn);
    rig.crowdOut();
    guest.unmap(mapped.generation());
    rig.run(500);
    assertThat(evictions()).isZero();
    assertThat(rig.memory().read(pfn)).isEqualTo(tag);
    guest.signal(5);
    rig.run(100);
    assertThat(evictions()).isPositive();
    assertThat(rig.memory().read(pfn)).isNotEqualTo(tag);
    expectContents(buffer);
  }

  @Test
  void DYN04_stale_noSecondInvalidate() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    long generation = guest.mapped(DYNAMIC).generation();
    rig.crowdOut();
    rig.crowdOut();
    rig.run(2_000);
    assertThat(guest.invalidates()).hasSize(1);
    guest.unmap(generation);
  }

  @Test
  void DYN05_mapDuringTheMove_heldAndAnsweredWithTheNextGeneration() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest first = new Guest(rig, buffer, CAMERA, 1);
    Guest second = new Guest(rig, buffer, CAMERA, 2);
    long generation = first.mapped(DYNAMIC).generation();
    second.attach(DYNAMIC);
    Session.Grant whole = rig.crowdOut();
    assertThat(second.map(DmaDirection.TO_DEVICE)).isInstanceOf(Importer.Attached.class);
    first.unmap(generation);
    rig.run(1_000);
    rig.release(whole);
    rig.run(5_000);
    assertThat(second.heard.getLast())
        .isInstanceOfSatisfying(
            Importer.Mapped.class,
            mapped -> assertThat(mapped.generation()).isGreaterThan(generation));
  }

  /** 2 MiB at 1 GiB/s take long enough to be seen under way. */
  @Test
  void DYN05_mapDuringTheMove_theCopysFenceIsAmongWhatAReaderWaitsFor() {
    Session.Grant buffer = rig.export(512);
    rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, 512);
    Guest guest = new Guest(rig, buffer, NIC, 1);
    guest.attach(DYNAMIC.withoutPeers());
    guest.sendMap(DmaDirection.TO_DEVICE);
    for (int i = 0; i < 100 && !(guest.heard.getLast() instanceof Importer.Mapped); i++) {
      rig.run(1);
    }
    assertThat(guest.heard.getLast()).isInstanceOf(Importer.Mapped.class);
    assertThat(awaitedByReaders(buffer)).hasSize(1);
    rig.run(100);
    assertThat(awaitedByReaders(buffer)).isEmpty();
  }

  private List<Reservation.Point> awaitedByReaders(Session.Grant buffer) {
    List<Reservation.Point> points = new ArrayList<>();
    ActorRef<Reservation.Reply> listener =
        rig.spawn(
            Behaviors.receiveMessage(
                reply -> {
                  points.addAll(((Reservation.FenceExported) reply).fence().points());
                  return Behaviors.same();
                }));
    Header header = new Header(1L << 53, YardRig.CLIENT, YardRig.EPOCH, buffer.handle());
    buffer
        .ref()
        .tell(new Buffer.ToReservation(new Reservation.ExportFence(header, true, false, listener)));
    rig.run(1);
    return points;
  }

  @Test
  void DYN06_withoutPeerToPeer_leavesDeviceMemoryAtTheNextMap() {
    Session.Grant buffer = rig.export(PAGES);
    rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES);
    assertThat(rig.regions().get(YardRig.VRAM).residents()).isEqualTo(1);
    Guest peer = new Guest(rig, buffer, NIC, 1);
    long there = peer.mapped(DYNAMIC).region();
    assertThat(there).isEqualTo(YardRig.VRAM);
    Guest guest = new Guest(rig, buffer, NIC, 2);
    assertThat(guest.attach(DYNAMIC.withoutPeers())).isInstanceOf(Importer.Attached.class);
    assertThat(rig.regions().get(YardRig.VRAM).residents()).isEqualTo(1);
    guest.map(DmaDirection.TO_DEVICE);
    peer.unmap(peer.invalidates().getFirst().generation());
    rig.run(100);
    assertThat(rig.regions().get(YardRig.VRAM).residents()).isZero();
    assertThat(guest.heard.getLast()).isInstanceOf(Importer.Mapped.class);
    expectContents(buffer);
  }

  /** D30: what has to be in device memory is not copied out in silence. */
  @Test
  void DYN06_withoutPeerToPeerAndStuck_eremoteio() {
    Session.Grant buffer = rig.export(PAGES);
    Guest scanout = new Guest(rig, buffer, CatalogKind.SCANOUT.named("scanout"), 1);
    scanout.attach(STATIC);
    Guest guest = new Guest(rig, buffer, NIC, 2);
    Importer.Event refused = guest.attach(DYNAMIC.withoutPeers());
    assertThat(Guest.errno(refused)).isEqualTo(Errno.EREMOTEIO);
    assertThat(((Importer.Refused) refused).refusal().wouldHelp()).contains("peer-to-peer");
    assertThat(guest.attach(DYNAMIC)).isInstanceOf(Importer.Attached.class);
    scanout.mapped(STATIC);
    Guest late = new Guest(rig, buffer, NIC, 3);
    assertThat(Guest.errno(late.attach(DYNAMIC.withoutPeers()))).isEqualTo(Errno.EREMOTEIO);
  }

  @Test
  void DYN07_pinned_anotherIsTheVictim() {
    Session.Grant pinned = written(YardRig.SYSTEM);
    Session.Grant other = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, pinned, CAMERA, 1);
    guest.attach(DYNAMIC);
    assertThat(guest.pin()).isInstanceOf(Importer.Pinned.class);
    rig.cpu(rig.export(YardRig.REGION_PAGES - PAGES, YardRig.SYSTEM), DmaDirection.TO_DEVICE);
    assertThat(evictions()).isEqualTo(1);
    assertThat(guest.invalidates()).isEmpty();
    expectContents(other);
    guest.unpin();
  }

  @Test
  void DYN08_unmapNeverComes_reportedAndNotReusedBeforeTheDeadline() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    long pfn = guest.mapped(DYNAMIC).table().address(0) >>> 12;
    long tag = rig.memory().read(pfn);
    rig.revoke(buffer);
    rig.run(4_900);
    assertThat(rig.events)
        .filteredOn(YardEvent.Laggard.class::isInstance)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(((YardEvent.Laggard) event).forced()).isFalse();
              assertThat(event.atNanos()).isBetween(1_000_000_000L, 1_500_000_000L);
            });
    assertThat(rig.memory().read(pfn)).isEqualTo(tag);
    rig.run(200);
    assertThat(rig.memory().read(pfn)).isNotEqualTo(tag);
    assertThat(guest.heard).hasAtLeastOneElementOfType(Importer.ForceDetached.class);
  }

  @Test
  void DYN09_lateAndIncompatible_ebusyWhilePinnedThenAttachesAndMoves() {
    Session.Grant buffer = rig.export(PAGES);
    rig.job(0, buffer, DmaDirection.FROM_DEVICE, 0, PAGES);
    rig.pin(0, buffer, true);
    Guest late = new Guest(rig, buffer, CAMERA, 1);
    Importer.Event refused = late.attach(DYNAMIC);
    assertThat(Guest.errno(refused)).isEqualTo(Errno.EBUSY);
    assertThat(((Importer.Refused) refused).refusal().reason()).contains("VRAM", "pinned");
    rig.pin(0, buffer, false);
    assertThat(late.attach(DYNAMIC)).isInstanceOf(Importer.Attached.class);
    assertThat(late.map(DmaDirection.TO_DEVICE)).isInstanceOf(Importer.Mapped.class);
    assertThat(rig.regions().get(YardRig.VRAM).residents()).isZero();
    assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
        .isInstanceOf(Device.JobDone.class);
  }

  @Test
  void DYN10_detachBetweenInvalidateAndUnmap_theMoveGoesOn() {
    Session.Grant buffer = written(YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    long generation = guest.mapped(DYNAMIC).generation();
    rig.crowdOut();
    assertThat(guest.invalidates()).hasSize(1);
    assertThat(guest.detach()).isInstanceOf(Importer.Detached.class);
    rig.run(100);
    assertThat(evictions()).isPositive();
    assertThat(Guest.errno(guest.unmap(generation))).isEqualTo(Errno.ENOENT);
    expectContents(buffer);
  }
}
