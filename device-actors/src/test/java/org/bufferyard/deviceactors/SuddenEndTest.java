package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.bufferyard.actors.environment.Faults;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.protocol.ExportOptions;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.SharedReservation;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.actors.reservation.ReservationActor;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.YardRig.Member;
import org.bufferyard.deviceactors.catalog.CatalogKind;
import org.junit.jupiter.api.Test;

/** Parties that end without saying so: nothing stays held in their name, nobody waits for them. */
class SuddenEndTest {
  private static final long PAGES = 16;

  private static YardRig rig() {
    return new YardRig(
        13,
        Faults.NONE,
        YardSettings.defaults().withPins(new PinQuota(4, 1_000)),
        Member.of(CatalogKind.IMPORTER, "importer"));
  }

  private static long used(YardRig rig) {
    return rig.regions().stream().mapToLong(region -> region.usedPages()).sum();
  }

  /** With a handle, a program's mapping, a kernel mapping and a CPU bracket open. */
  @Test
  void sessionCrashes_itsBracketsMappingsAndHandlesGo() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.mmap(buffer, 0, PAGES);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      rig.tellSession(new Session.Vmap(buffer.handle(), rig.client()));
      rig.tellSession(
          new Session.CpuAccess(
              buffer.handle(), DmaDirection.TO_DEVICE, 0, PAGES, 1L << 40, rig.client()));
      assertThat(used(rig)).isEqualTo(PAGES);
      rig.tellSession(new Session.FromMapping(new Importer.Pinned(1, buffer.buffer())));
      assertThat(rig.failures()).isEqualTo(1);
      assertThat(used(rig)).isZero();
      assertThat(rig.events).noneMatch(YardEvent.Violation.class::isInstance);
    }
  }

  @Test
  void sessionCrashes_whatItSharedLivesOn() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.cpu(buffer, DmaDirection.TO_DEVICE);
      Session.Grant shared = rig.shareWithOther(buffer, buffer.rights());
      rig.tellSession(new Session.FromMapping(new Importer.Pinned(1, buffer.buffer())));
      assertThat(
              rig.tellOther(
                  new Session.CpuAccess(
                      shared.handle(), DmaDirection.FROM_DEVICE, 0, PAGES, 1, rig.client())))
          .isEqualTo(new Session.CpuDone(shared.handle(), PAGES));
      rig.tellOther(new Session.Release(shared.handle(), rig.client()));
      assertThat(used(rig)).isZero();
    }
  }

  /** The device pins for a client whose session has just died. */
  @Test
  void sessionCrashes_aPinOfItsClient_refused() {
    try (YardRig rig = rig()) {
      Session.Grant buffer = rig.export(PAGES, YardRig.SYSTEM);
      rig.shareWithOther(buffer, buffer.rights());
      rig.tellSession(new Session.FromMapping(new Importer.Pinned(1, buffer.buffer())));
      assertThat(((Device.JobRefused) rig.pin(0, buffer, true)).refusal().errno())
          .isEqualTo(Errno.EBADF);
    }
  }

  /** The device's request is on its way while the reservation ends. */
  @Test
  void sharedReservationEnds_theJobIsRefusedAndNothingStaysUnanswered() {
    try (YardRig rig = rig()) {
      Handle handle = new Handle(3, 3);
      ActorRef<Reservation.Command> actor = rig.spawn(ReservationActor.create("vm", handle));
      ExportOptions options =
          ExportOptions.USUAL.withReservation(new SharedReservation(actor, handle));
      Session.Grant buffer =
          ((Session.Exported) rig.export(PAGES, YardRig.SYSTEM, options)).grant();
      actor.tell(new Reservation.Close(handle));
      Device.Reply reply =
          rig.submit(0, List.of(Device.Use.of(buffer, DmaDirection.FROM_DEVICE, 0, PAGES)));
      assertThat(((Device.JobRefused) reply).refusal().errno()).isEqualTo(Errno.ENODEV);
      assertThat(((Device.JobRefused) reply).refusal().reason()).contains("is gone");
      assertThat(rig.books(0).openRequests()).isZero();
      rig.forget(0, buffer);
      rig.release(buffer);
      assertThat(used(rig)).isZero();
    }
  }
}
