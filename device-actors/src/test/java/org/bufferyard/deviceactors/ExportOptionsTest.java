package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.reservation.ReservationActor;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.placement.DeviceDemand;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an exporter may ask for beyond the usual: early allocation, a shared reservation. */
class ExportOptionsTest {
  private static final long PAGES = 16;
  private static final DeviceDemand ISP = CatalogKind.ISP.named("isp");
  private static final DeviceDemand DISPLAY = CatalogKind.DISPLAY.named("display");

  private final YardRig rig =
      new YardRig(
          11,
          Faults.NONE,
          Member.of(CatalogKind.ISP, "isp"),
          Member.of(CatalogKind.DISPLAY, "display"));

  @AfterEach
  void close() {
    assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    rig.close();
  }

  private long used(int heap) {
    return rig.regions().get(heap).usedPages();
  }

  private Session.Reply early(boolean contiguous, int heap, DeviceDemand... importers) {
    Session.ExportSpec spec =
        new Session.ExportSpec(1, "early", PAGES << 12, List.of(heap), 0, contiguous);
    rig.tellSession(
        new Session.Export(
            spec.with(ExportOptions.USUAL.withEarlyFor(List.of(importers))), rig.client()));
    return rig.sessionReplies.getLast();
  }

  @Test
  void early_everyImporterBehindAnIommu_allocatedBeforeAnybodyAttaches() {
    Session.Grant grant = ((Session.Exported) early(false, YardRig.SYSTEM, ISP)).grant();
    assertThat(used(YardRig.SYSTEM)).isEqualTo(PAGES);
    assertThat(rig.job(0, grant, DmaDirection.FROM_DEVICE, 0, PAGES))
        .isInstanceOf(Device.JobDone.class);
    assertThat(used(YardRig.SYSTEM)).isEqualTo(PAGES);
  }

  @Test
  void early_anImporterThatNeedsOneRun_refusedWithWhatWouldHelp() {
    Session.Reply reply = early(false, YardRig.CMA, ISP, DISPLAY);
    assertThat(reply)
        .isInstanceOfSatisfying(
            Session.Refused.class,
            refused -> {
              assertThat(refused.refusal().errno()).isEqualTo(Errno.EINVAL);
              assertThat(refused.refusal().reason()).contains("display");
              assertThat(refused.refusal().wouldHelp()).contains("first map");
            });
    assertThat(used(YardRig.CMA)).isZero();
  }

  @Test
  void early_theExporterIsTheStrictest_legalAndTheDisplayShowsItWhereItIs() {
    Session.Grant grant = ((Session.Exported) early(true, YardRig.CMA, ISP, DISPLAY)).grant();
    assertThat(used(YardRig.CMA)).isEqualTo(PAGES);
    assertThat(rig.job(1, grant, DmaDirection.TO_DEVICE, 0, PAGES))
        .isInstanceOf(Device.JobDone.class);
    assertThat(rig.migration().migrations()).isZero();
  }

  private SharedReservation shared() {
    Handle handle = new Handle(3, 3);
    ActorRef<Reservation.Command> actor = rig.spawn(ReservationActor.create("vm", handle));
    return new SharedReservation(actor, handle);
  }

  private Session.Grant exported(SharedReservation reservation) {
    ExportOptions options = ExportOptions.USUAL.withReservation(reservation);
    return ((Session.Exported) rig.export(PAGES, YardRig.SYSTEM, options)).grant();
  }

  private void asked(
      Session.Grant grant, java.util.function.Function<Header, Reservation.Command> request) {
    Header header = new Header(1L << 50, YardRig.CLIENT, YardRig.EPOCH, grant.handle());
    grant.ref().tell(new Buffer.ToReservation(request.apply(header)));
    rig.run(10);
  }

  @Test
  void shared_reservation_comesWithEveryHandle() {
    SharedReservation reservation = shared();
    Session.Grant grant = exported(reservation);
    assertThat(grant.reservation()).isEqualTo(reservation);
    assertThat(rig.shareWithOther(grant, grant.rights()).reservation()).isEqualTo(reservation);
  }

  @Test
  void shared_reservation_theBuffersOwnTokenIsRefusedAndNamesTheOther() {
    Session.Grant grant = exported(shared());
    List<Refusal> refusals = new ArrayList<>();
    ActorRef<Reservation.Reply> listener =
        rig.spawn(
            Behaviors.receiveMessage(
                reply -> {
                  refusals.add(((Reservation.Refused) reply).refusal());
                  return Behaviors.same();
                }));
    Ticket ticket = new Ticket(0, new DeviceId(50), 1);
    asked(grant, header -> new Reservation.Reserve(header, ticket, false, true, 0, listener));
    assertThat(refusals)
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.errno()).isEqualTo(Errno.EINVAL);
              assertThat(refusal.wouldHelp()).contains("its handle");
            });
  }

  @Test
  void shared_reservation_jobsTakeItsTokenAndRun() {
    SharedReservation reservation = shared();
    Session.Grant first = exported(reservation);
    Session.Grant second = exported(reservation);
    List<Device.Use> uses =
        List.of(
            Device.Use.of(first, DmaDirection.FROM_DEVICE, 0, PAGES),
            Device.Use.of(second, DmaDirection.FROM_DEVICE, 0, PAGES));
    assertThat(rig.submit(0, uses)).isInstanceOf(Device.JobDone.class);
  }
}
