package org.bufferyard.deviceactors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.waits.WaitGraph;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job over many buffers, from submission to its fence, on a whole yard. */
class SubmissionTest {
  private DeviceRig rig = open(4096, 4096, 2, "VRAM", "SYSTEM");

  private static DeviceRig open(long vram, long system, int devices, String... reach) {
    return new DeviceRig(Settings.seed(1), vram, system, devices, reach);
  }

  private void reopen(long vram, long system, int devices, String... reach) {
    rig.close();
    rig = open(vram, system, devices, reach);
  }

  @AfterEach
  void close() {
    assertThat(rig.violations()).isEmpty();
    rig.close();
  }

  private static List<Device.Use> uses(List<Session.Grant> grants, DmaDirection direction) {
    return grants.stream().map(grant -> DeviceRig.use(grant, direction)).toList();
  }

  private Errno refused() {
    return ((Device.JobRefused) rig.lastReply()).refusal().errno();
  }

  private void expectNothingLeft() {
    assertThat(rig.waits()).isEmpty();
    for (int device = 0; device < rig.devices.size(); device++) {
      assertThat(rig.books(device).openRequests()).isZero();
    }
  }

  @Test
  void submit_twoThousandBuffers_oneJobThenAnotherDevice() {
    List<Session.Grant> grants = rig.export(2_000, 1);
    rig.submit(0, uses(grants, DmaDirection.BIDIRECTIONAL));
    rig.pass(1_000);
    assertThat(rig.lastReply()).isEqualTo(new Device.JobDone(1, 2_000, 2_000));
    rig.submit(1, uses(grants.reversed(), DmaDirection.TO_DEVICE));
    rig.pass(1_000);
    assertThat(rig.lastReply()).isEqualTo(new Device.JobDone(2, 2_000, 0));
    expectNothingLeft();
    assertThat(rig.books(0).counts().requests()).containsEntry(RequestKind.RESERVE, 2_000L);
  }

  @Test
  void submit_oneBuffer_takesNoToken() {
    rig.submit(0, uses(rig.export(1, 1), DmaDirection.FROM_DEVICE));
    rig.pass(10);
    assertThat(rig.lastReply()).isEqualTo(new Device.JobDone(1, 0, 1));
    assertThat(rig.books(0).counts().requests()).doesNotContainKey(RequestKind.RESERVE);
  }

  /** All or nothing: what did fit is let go of, and the next job finds the yard as it was. */
  @Test
  void submit_doesNotFit_refusedAsAWholeAndNothingHeld() {
    reopen(16, 16, 1, "VRAM");
    List<Session.Grant> grants = rig.export(5, 4);
    rig.submit(0, uses(grants, DmaDirection.FROM_DEVICE));
    rig.pass(20_000);
    assertThat(refused()).isEqualTo(Errno.ENOMEM);
    expectNothingLeft();
    rig.submit(0, uses(grants.subList(1, 5), DmaDirection.FROM_DEVICE));
    rig.pass(100);
    assertThat(rig.lastReply()).isEqualTo(new Device.JobDone(2, 0, 16));
    expectNothingLeft();
  }

  @Test
  void submit_malformed_refusedBeforeAnythingIsAsked() {
    Session.Grant grant = rig.export(1);
    rig.submit(0, List.of());
    rig.settle();
    assertThat(refused()).isEqualTo(Errno.EINVAL);
    rig.submit(0, uses(List.of(grant, grant), DmaDirection.TO_DEVICE));
    rig.settle();
    assertThat(refused()).isEqualTo(Errno.EALREADY);
    rig.submit(
        0, Collections.nCopies(Device.USES_MAX + 1, DeviceRig.use(grant, DmaDirection.TO_DEVICE)));
    rig.settle();
    assertThat(refused()).isEqualTo(Errno.E2BIG);
    assertThat(rig.books(0).counts().requests()).isEmpty();
  }

  @Test
  void submit_tokenHeldForTooLong_etimedoutAndTheTokenIsUntouched() {
    List<Session.Grant> grants = rig.export(2, 1);
    rig.reserve(DeviceRig.own(grants.getFirst()), grants.getFirst().handle(), -5, false);
    rig.submit(0, uses(grants, DmaDirection.TO_DEVICE));
    rig.pass(1_000);
    assertThat(WaitGraph.describe(rig.waits()))
        .anyMatch(line -> line.contains("waits for " + DeviceRig.ticket(-5) + " (token"));
    rig.pass(25_000);
    assertThat(refused()).isEqualTo(Errno.ETIMEDOUT);
    assertThat(((Device.JobRefused) rig.lastReply()).refusal().reason()).contains("tokens of");
    expectNothingLeft();
    rig.reserve(DeviceRig.own(grants.getFirst()), grants.getFirst().handle(), -5, false);
    assertThat(((Reservation.Refused) rig.lastReservation()).refusal().errno())
        .isEqualTo(Errno.EALREADY);
  }

  @Test
  void submit_tokenReleased_goesOn() {
    List<Session.Grant> grants = rig.export(2, 1);
    rig.reserve(DeviceRig.own(grants.getFirst()), grants.getFirst().handle(), -5, false);
    rig.submit(0, uses(grants, DmaDirection.TO_DEVICE));
    rig.pass(100);
    assertThat(rig.toSubmitter).isEmpty();
    rig.tell(DeviceRig.own(grants.getFirst()), new Reservation.Unreserve(DeviceRig.ticket(-5)));
    rig.pass(100);
    assertThat(rig.lastReply()).isInstanceOf(Device.JobDone.class);
    assertThat(rig.books(0).counts().backOffs()).isPositive();
    assertThat(rig.books(0).counts().refused()).isEmpty();
    expectNothingLeft();
  }

  // --- shared reservations, explicit fences -----------------------------------------------------

  private static final int READY_AFTER_MILLIS = 100;

  @Test
  void submit_sharedReservation_oneTokenForAllAndItsFenceInIt() {
    List<Device.Use> uses = new ArrayList<>();
    rig.export(3, 1).forEach(g -> uses.add(rig.useShared(g, DmaDirection.FROM_DEVICE)));
    rig.submit(0, uses);
    rig.settle();
    rig.tell(
        rig.sharedReservation(),
        new Reservation.Poll(rig.header(DeviceRig.SHARED_HANDLE), false, rig.ear()));
    assertThat(rig.toReserver).as("the writer's fence is unsignalled").isEmpty();
    rig.pass(READY_AFTER_MILLIS);
    assertThat(rig.lastReply()).isEqualTo(new Device.JobDone(1, 0, 3));
    assertThat(rig.lastReservation()).isInstanceOf(Reservation.Ready.class);
    assertThat(rig.books(0).counts().requests())
        .as("one token and one fence")
        .containsEntry(RequestKind.RESERVE, 2L);
    expectNothingLeft();
  }

  @Test
  void submit_sharedTokenHeld_waitsForIt() {
    rig.reserve(rig.sharedReservation(), DeviceRig.SHARED_HANDLE, -5, false);
    rig.submit(0, List.of(rig.useShared(rig.export(1), DmaDirection.TO_DEVICE)));
    rig.pass(READY_AFTER_MILLIS);
    assertThat(rig.toSubmitter).isEmpty();
    rig.tell(rig.sharedReservation(), new Reservation.Unreserve(DeviceRig.ticket(-5)));
    rig.pass(READY_AFTER_MILLIS);
    assertThat(rig.lastReply()).isInstanceOf(Device.JobDone.class);
  }

  /** One buffer's writer, as an explicit fence, holds up the CPU at another buffer. */
  @Test
  void explicitFence_exportedAndImported_waitedForElsewhereUntilTheJobIsDone() {
    Session.Grant written = rig.export(64);
    Session.Grant other = rig.export(1);
    rig.submit(0, uses(List.of(written), DmaDirection.FROM_DEVICE));
    rig.settle();
    rig.tell(
        DeviceRig.own(written),
        new Reservation.ExportFence(rig.header(written.handle()), true, false, rig.ear()));
    Reservation.Explicit fence = ((Reservation.FenceExported) rig.lastReservation()).fence();
    assertThat(fence.points()).hasSize(1);
    rig.tell(
        DeviceRig.own(other),
        new Reservation.ImportFence(
            rig.header(other.handle()), fence.merge(fence), false, true, rig.ear()));
    assertThat(rig.lastReservation()).isInstanceOf(Reservation.FenceImported.class);
    rig.tellSession(
        new Session.CpuAccess(other.handle(), DmaDirection.FROM_DEVICE, 0, 1, 1, rig.ear()));
    int heard = rig.toClient.size();
    assertThat(rig.toSubmitter).isEmpty();
    assertThat(rig.waits()).extracting(edge -> edge.about()).contains(other.buffer().toString());
    rig.pass(READY_AFTER_MILLIS);
    assertThat(rig.lastReply()).isInstanceOf(Device.JobDone.class);
    assertThat(rig.toClient.subList(heard, rig.toClient.size()))
        .singleElement()
        .isInstanceOf(Session.CpuDone.class);
    expectNothingLeft();
  }

  // --- who waits for whom -----------------------------------------------------------------------

  @Test
  void waits_idleYard_completeAndEmpty() {
    rig.export(5, 1);
    assertThat(rig.waits()).isEmpty();
    assertThat(rig.snapshots.getLast().asked())
        .as("5 buffers, 2 devices, vm, migration")
        .isEqualTo(9);
  }

  /** Two liars say that they hold nothing: the one thing wait-die cannot help against. */
  @Test
  void waits_plantedCycle_foundNamedAndEndedByTheDeathOfTheClient() {
    List<Session.Grant> grants = rig.export(2, 1);
    for (int each = 0; each < 2; each++) {
      rig.reserve(DeviceRig.own(grants.get(each)), grants.get(each).handle(), each, false);
    }
    assertThat(new WaitGraph(rig.waits()).cycle()).isEmpty();
    for (int each = 0; each < 2; each++) {
      Session.Grant others = grants.get(1 - each);
      rig.reserve(DeviceRig.own(others), others.handle(), each, false);
    }
    WaitGraph graph = new WaitGraph(rig.waits());
    assertThat(WaitGraph.describe(graph.cycle()))
        .containsExactlyInAnyOrder(
            DeviceRig.ticket(1)
                + " waits for "
                + DeviceRig.ticket(0)
                + " (token, at "
                + grants.get(0).buffer()
                + ")",
            DeviceRig.ticket(0)
                + " waits for "
                + DeviceRig.ticket(1)
                + " (token, at "
                + grants.get(1).buffer()
                + ")");
    int answered = rig.toReserver.size();
    rig.tell(DeviceRig.own(grants.getFirst()), new Reservation.ClientGone(DeviceRig.CLIENT));
    assertThat(rig.toReserver.subList(answered, rig.toReserver.size()))
        .singleElement()
        .isInstanceOf(Reservation.Refused.class);
    assertThat(new WaitGraph(rig.waits()).cycle()).isEmpty();
  }

  // --- the death of a client --------------------------------------------------------------------

  @Test
  void clientEnds_holdingTokensAndWaiting_everythingItHeldIsFree() {
    List<Session.Grant> grants = rig.export(3, 1);
    rig.submit(0, uses(grants, DmaDirection.BIDIRECTIONAL));
    rig.pass(100);
    rig.reserve(DeviceRig.own(grants.get(0)), grants.get(0).handle(), 1, false);
    rig.reserve(DeviceRig.own(grants.get(0)), grants.get(0).handle(), 2, false);
    rig.submit(0, uses(grants, DmaDirection.BIDIRECTIONAL));
    rig.settle();
    rig.tellSession(new Session.End());
    rig.pass(100);
    assertThat(((Reservation.Refused) rig.lastReservation()).refusal().errno())
        .isEqualTo(Errno.ECANCELED);
    assertThat(refused()).as("the job that waited for a token").isEqualTo(Errno.ECANCELED);
    for (Session.Grant grant : grants) {
      rig.devices
          .getFirst()
          .tell(new Device.Forget(DeviceRig.CLIENT, DeviceRig.EPOCH, grant.buffer()));
    }
    rig.settle();
    assertThat(rig.waits()).isEmpty();
    assertThat(rig.snapshots.getLast().asked()).as("no buffer is left").isEqualTo(4);
  }
}
