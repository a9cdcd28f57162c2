package org.bufferyard.deviceactors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.ExporterOps;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.ImportTerms;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.allocator.placement.DmaPath;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.deviceactors.Guest;
import org.bufferyard.deviceactors.YardRig;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.bufferyard.deviceactors.path.PathSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The argument and error checks of {@code drivers/dma-buf/dma-buf.c}; upstream has no tests. */
class DerConformanceTest {
  private static final long PAGES = 4;
  private static final ImportTerms DYNAMIC = ImportTerms.of(true);
  private static final DeviceDemand CAMERA = CatalogKind.CAMERA.named("camera");

  private static final PathSpec ONE_PAGE =
      PathSpec.of("picky", DmaPath.IOMMU).withMappingBytesMax(4096);

  private final YardRig rig =
      new YardRig(
          9,
          Faults.NONE,
          Member.of(CatalogKind.GPU, "gpu"),
          Member.of(CatalogKind.IMPORTER, "picky").withPath(ONE_PAGE));
  private final List<Reservation.Reply> told = new ArrayList<>();
  private long requests = 1L << 52;

  @AfterEach
  void close() {
    rig.close();
  }

  private static Errno errno(Session.Reply reply) {
    return ((Session.Refused) reply).refusal().errno();
  }

  private Session.Reply export(int operations) {
    return rig.export(PAGES, YardRig.SYSTEM, ExportOptions.USUAL.withOperations(operations));
  }

  private Session.Grant exported(ExportOptions options) {
    return ((Session.Exported) rig.export(PAGES, YardRig.SYSTEM, options)).grant();
  }

  @Test
  void DER01_withoutMapUnmapOrRelease_einval() {
    for (int missing : new int[] {ExporterOps.MAP, ExporterOps.UNMAP, ExporterOps.RELEASE}) {
      assertThat(errno(export(ExporterOps.ALL & ~missing))).isEqualTo(Errno.EINVAL);
    }
    assertThat(export(ExporterOps.REQUIRED)).isInstanceOf(Session.Exported.class);
  }

  @Test
  void DER02_pinWithoutUnpin_einval() {
    assertThat(errno(export(ExporterOps.REQUIRED | ExporterOps.PIN))).isEqualTo(Errno.EINVAL);
    assertThat(errno(export(ExporterOps.REQUIRED | ExporterOps.UNPIN))).isEqualTo(Errno.EINVAL);
  }

  /** Without pin and unpin nothing moves while it is mapped, whatever the importer answers. */
  @Test
  void DER02_withoutEither_everyImporterIsStatic() {
    Session.Grant buffer =
        exported(ExportOptions.USUAL.withOperations(ExporterOps.REQUIRED | ExporterOps.MMAP));
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    guest.mapped(DYNAMIC);
    rig.crowdOut();
    rig.run(3_000);
    assertThat(guest.invalidates()).isEmpty();
    assertThat(rig.migration().evictions()).isZero();
  }

  @Test
  void DER03_unknownHandle_ebadf() {
    Session.Grant buffer = rig.export(PAGES);
    rig.release(buffer);
    assertThat(errno(rig.cpu(buffer, DmaDirection.TO_DEVICE))).isEqualTo(Errno.EBADF);
    Session.Grant live = rig.export(PAGES);
    Session.Grant another =
        new Session.Grant(
            1, live.buffer(), new Handle(5, 5), live.rights(), live.sizePages(), live.ref());
    assertThat(Guest.errno(new Guest(rig, another, CAMERA, 1).attach(DYNAMIC)))
        .isEqualTo(Errno.EBADF);
  }

  @Test
  void DER04_noKindOfMapping_einval() {
    Session.Grant buffer = rig.export(PAGES);
    assertThat(Guest.errno(new Guest(rig, buffer, CAMERA, 1).attach(DYNAMIC.withKinds())))
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void DER05_veto_verbatimAndTheAttachmentsAsTheyWere() {
    Session.Grant buffer = rig.export(PAGES);
    Guest welcome = new Guest(rig, buffer, CatalogKind.SCANOUT.named("scanout"), 1);
    welcome.attach(DYNAMIC);
    Importer.Refused refused = (Importer.Refused) new Guest(rig, buffer, CAMERA, 2).attach(DYNAMIC);
    assertThat(refused.refusal().errno()).isEqualTo(Errno.ENODEV);
    assertThat(refused.refusal().reason()).contains("scanout", "camera");
    assertThat(welcome.map(DmaDirection.TO_DEVICE)).isInstanceOf(Importer.Mapped.class);
  }

  @Test
  void DER06_mapOfNoAttachment_enoentAndOfWhatThePathRefusesVerbatim() {
    Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    assertThat(Guest.errno(guest.map(DmaDirection.TO_DEVICE))).isEqualTo(Errno.ENOENT);
    Device.Reply picky = rig.job(1, buffer, DmaDirection.TO_DEVICE, 0, PAGES);
    assertThat(picky)
        .isInstanceOfSatisfying(
            Device.JobRefused.class,
            refused -> {
              assertThat(refused.refusal().errno()).isEqualTo(Errno.E2BIG);
              assertThat(refused.refusal().reason()).contains("picky");
            });
    assertThat(rig.job(0, buffer, DmaDirection.TO_DEVICE, 0, PAGES))
        .isInstanceOf(Device.JobDone.class);
  }

  @Test
  void DER07_cachedMapping_ebusyInAnotherDirectionUnlessBidirectional() {
    Session.Grant buffer = exported(ExportOptions.USUAL.withCachedMappings());
    Guest one = new Guest(rig, buffer, CAMERA, 1);
    one.attach(DYNAMIC);
    Importer.Mapped first = (Importer.Mapped) one.map(DmaDirection.TO_DEVICE);
    assertThat(one.unmap(first.generation())).isInstanceOf(Importer.Unmapped.class);
    assertThat(Guest.errno(one.map(DmaDirection.FROM_DEVICE))).isEqualTo(Errno.EBUSY);
    Importer.Mapped again = (Importer.Mapped) one.map(DmaDirection.TO_DEVICE);
    assertThat(again.table()).isSameAs(first.table());
    Guest both = new Guest(rig, buffer, CAMERA, 2);
    Importer.Mapped wide = both.mapped(DYNAMIC);
    both.unmap(wide.generation());
    assertThat(both.map(DmaDirection.FROM_DEVICE)).isInstanceOf(Importer.Mapped.class);
  }

  /** The exporter ends it by itself: nobody is told, since nobody uses it. */
  @Test
  void DER07_cachedMapping_goesWithTheNextMove() {
    Session.Grant buffer = exported(ExportOptions.USUAL.withCachedMappings());
    rig.cpu(buffer, DmaDirection.TO_DEVICE);
    Guest guest = new Guest(rig, buffer, CAMERA, 1);
    long generation = guest.mapped(DYNAMIC).generation();
    guest.unmap(generation);
    assertThat(Guest.errno(guest.unmap(generation))).isEqualTo(Errno.ENOENT);
    rig.crowdOut();
    assertThat(rig.migration().evictions()).isEqualTo(1);
    assertThat(guest.invalidates()).isEmpty();
    assertThat(rig.cpu(buffer, DmaDirection.FROM_DEVICE))
        .isEqualTo(new Session.CpuDone(buffer.handle(), PAGES));
    assertThat(((Importer.Mapped) guest.map(DmaDirection.FROM_DEVICE)).generation())
        .isGreaterThan(generation);
  }

  @Test
  void DER08_cpuAccessToNothing_einval() {
    Session.Grant buffer = rig.export(PAGES);
    for (long[] range : new long[][] {{0, 0}, {0, PAGES + 1}, {-1, 1}, {PAGES, 1}}) {
      rig.tellSession(
          new Session.CpuAccess(
              buffer.handle(), DmaDirection.TO_DEVICE, range[0], range[1], 1, rig.client()));
      assertThat(errno(rig.sessionReplies.getLast())).isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void DER09_mmapPastTheEnd_einvalAndBeyondTheAddressableEoverflow() {
    Session.Grant buffer = rig.export(PAGES);
    assertThat(errno(rig.mmap(buffer, 1, PAGES))).isEqualTo(Errno.EINVAL);
    assertThat(errno(rig.mmap(buffer, 0, 0))).isEqualTo(Errno.EINVAL);
    assertThat(errno(rig.mmap(buffer, 2, Long.MAX_VALUE - 1))).isEqualTo(Errno.EOVERFLOW);
    assertThat(rig.mmap(buffer, 0, PAGES)).isInstanceOf(Session.Mmapped.class);
    Session.Grant without = exported(ExportOptions.USUAL.withOperations(ExporterOps.REQUIRED));
    assertThat(errno(rig.mmap(without, 0, 1))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void DER10_size_isTheGrants() {
    assertThat(rig.export(PAGES).sizePages()).isEqualTo(PAGES);
  }

  private Reservation.Reply told(Session.Grant buffer, Reservation.Command command) {
    buffer.ref().tell(new Buffer.ToReservation(command));
    rig.run(1);
    return told.getLast();
  }

  private Header header(Session.Grant buffer) {
    return new Header(++requests, YardRig.CLIENT, YardRig.EPOCH, buffer.handle());
  }

  private akka.actor.typed.ActorRef<Reservation.Reply> listener() {
    return rig.spawn(
        akka.actor.typed.javadsl.Behaviors.receiveMessage(
            reply -> {
              told.add(reply);
              return akka.actor.typed.javadsl.Behaviors.same();
            }));
  }

  @Test
  void DER11_exportWithoutFlags_einvalAndOfAnIdleBufferSignalled() {
    Session.Grant buffer = rig.export(PAGES);
    var listener = listener();
    Reservation.Reply none =
        told(buffer, new Reservation.ExportFence(header(buffer), false, false, listener));
    assertThat(((Reservation.Refused) none).refusal().errno()).isEqualTo(Errno.EINVAL);
    Reservation.Reply idle =
        told(buffer, new Reservation.ExportFence(header(buffer), true, true, listener));
    assertThat(((Reservation.FenceExported) idle).fence().points()).isEmpty();
  }

  @Test
  void DER12_importWithoutFlags_einvalAndOfNobodysFenceSignalled() {
    Session.Grant buffer = rig.export(PAGES);
    Session.Grant home = rig.export(PAGES);
    var listener = listener();
    Reservation.Explicit nobodys =
        new Reservation.Explicit(
            List.of(
                new Reservation.Point(
                    new org.bufferyard.actors.protocol.ReservationRef.OfBuffer(home.ref()),
                    77,
                    1)));
    Reservation.Reply none =
        told(buffer, new Reservation.ImportFence(header(buffer), nobodys, false, false, listener));
    assertThat(((Reservation.Refused) none).refusal().errno()).isEqualTo(Errno.EINVAL);
    told(buffer, new Reservation.ImportFence(header(buffer), nobodys, true, true, listener));
    Reservation.Reply ready = told(buffer, new Reservation.Poll(header(buffer), true, listener));
    assertThat(ready).isInstanceOf(Reservation.Ready.class);
  }

  private Session.Reply vmap(Session.Grant buffer, boolean map) {
    rig.tellSession(
        map
            ? new Session.Vmap(buffer.handle(), rig.client())
            : new Session.Vunmap(buffer.handle(), rig.client()));
    return rig.sessionReplies.getLast();
  }

  @Test
  void DER13_vmaps_countedAndHeldFromTheFirstToTheLast() {
    Session.Grant without = exported(ExportOptions.USUAL.withOperations(ExporterOps.REQUIRED));
    assertThat(errno(vmap(without, true))).isEqualTo(Errno.EINVAL);
    Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
    assertThat(errno(vmap(buffer, false))).isEqualTo(Errno.EINVAL);
    for (int i = 0; i < 3; i++) {
      assertThat(vmap(buffer, true)).isInstanceOf(Session.Vmapped.class);
    }
    vmap(buffer, false);
    vmap(buffer, false);
    Session.Grant other = rig.export(PAGES, YardRig.SYSTEM);
    rig.cpu(other, DmaDirection.TO_DEVICE);
    rig.crowdOut();
    rig.run(3_000);
    assertThat(rig.regions().get(YardRig.SYSTEM).meanPinnedPages()).isPositive();
    long whileMapped = rig.migration().evictions();
    assertThat(vmap(buffer, false)).isInstanceOf(Session.Vunmapped.class);
    rig.crowdOut();
    assertThat(rig.migration().evictions()).isGreaterThan(whileMapped);
    assertThat(errno(vmap(buffer, false))).isEqualTo(Errno.EINVAL);
  }
}
