package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bufferyard.actors.buffer.BufferRig.HANDLE;
import static org.bufferyard.actors.buffer.BufferRig.OWNER;
import static org.bufferyard.actors.buffer.BufferRig.STRANGER;
import static org.bufferyard.actors.buffer.BufferRig.SYSTEM;
import static org.bufferyard.actors.buffer.BufferRig.ticket;

import java.util.Collections;
import java.util.List;
import org.bufferyard.actors.fence.ReservedFences;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Reservation.Explicit;
import org.bufferyard.actors.protocol.Reservation.Point;
import org.bufferyard.actors.protocol.Rights;
import org.bufferyard.actors.protocol.WaitReport.Edge;
import org.bufferyard.actors.protocol.WaitReport.Kind;
import org.bufferyard.actors.reservation.FenceDesk;
import org.bufferyard.actors.token.Token;
import org.bufferyard.allocator.DmaDirection;
import org.bufferyard.allocator.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Reserve row of the protocol's table, and explicit fences, at a buffer's own reservation. */
class BufferReservationTest {
  private final BufferRig rig = new BufferRig();

  @AfterEach
  void close() {
    rig.close();
  }

  private void expectReserved() {
    assertThat(rig.reserved(Reservation.Reserved.class).requestId()).isEqualTo(rig.lastRequest());
  }

  private void expectRefused(Errno errno) {
    Reservation.Refused refused = rig.reserved(Reservation.Refused.class);
    assertThat(refused.refusal().errno()).isEqualTo(errno);
    assertThat(refused.refusal().reason()).isNotEmpty();
    assertThat(refused.requestId()).isEqualTo(rig.lastRequest());
  }

  /** The token is free and nobody waits: what an error must leave behind. */
  private void expectFree() {
    rig.reserve(1_000_000, false);
    expectReserved();
    rig.tell(new Reservation.Unreserve(ticket(1_000_000)));
  }

  // --- the token, state by state --------------------------------------------------------------

  @Test
  void reserve_declaredAllocatingResidentMoving_granted() {
    rig.reserve(1, true);
    expectReserved();
    rig.tell(new Reservation.Unreserve(ticket(1)));
    int attachment = rig.attach(true, "VRAM", "SYSTEM");
    rig.map(attachment, 1);
    rig.reserve(2, true);
    expectReserved();
    rig.tell(new Reservation.Unreserve(ticket(2)));
    rig.placed(BufferRig.VRAM);
    rig.reserve(3, true);
    expectReserved();
  }

  @Test
  void reserve_zombie_ebadf() {
    rig.mapped();
    rig.reserve(1, false);
    rig.tell(new Reservation.Reserve(rig.header(), ticket(2), false, true, 0, rig.reserver()));
    rig.release();
    assertThat(rig.reserved(Reservation.Refused.class).refusal().errno()).isEqualTo(Errno.EBADF);
    rig.reserve(3, false);
    expectRefused(Errno.EBADF);
  }

  @Test
  void reserve_withoutTheRight_refusedAndTheTokenFree() {
    rig.tell(
        new Reservation.Reserve(
            rig.header(OWNER, 3, new Handle(9, 9)), ticket(1), false, true, 0, rig.reserver()));
    expectRefused(Errno.EBADF);
    rig.tell(
        new Reservation.Reserve(
            rig.header(STRANGER, 3, HANDLE), ticket(1), false, true, 0, rig.reserver()));
    expectRefused(Errno.EACCES);
    rig.tell(
        new Reservation.Reserve(
            rig.header(OWNER, 2, HANDLE), ticket(1), false, true, 0, rig.reserver()));
    expectRefused(Errno.ESTALE);
    Handle given = new Handle(2, 2);
    rig.tell(rig.share(rig.header(), given, Rights.CPU));
    rig.tell(
        new Reservation.Reserve(
            rig.header(STRANGER, 0, given), ticket(1), false, true, 0, rig.reserver()));
    expectRefused(Errno.EPERM);
    expectFree();
  }

  @Test
  void reserve_held_queuedByStampTriedOrToldToBackOff() {
    rig.reserve(5, false);
    rig.reserve(5, false);
    expectRefused(Errno.EALREADY);
    rig.tell(new Reservation.Reserve(rig.header(), ticket(6), false, false, 0, rig.reserver()));
    expectRefused(Errno.EBUSY);
    rig.reserve(7, true);
    expectRefused(Errno.EDEADLK);
    int before = rig.toReservers.size();
    rig.reserve(9, false);
    rig.reserve(8, false);
    long second = rig.lastRequest();
    rig.reserve(3, true);
    long first = rig.lastRequest();
    assertThat(rig.toReservers).hasSize(before);
    assertThat(rig.waits())
        .containsExactly(
            new Edge(ticket(3).toString(), ticket(5).toString(), Kind.TOKEN, "buffer-0"),
            new Edge(ticket(8).toString(), ticket(3).toString(), Kind.TOKEN, "buffer-0"),
            new Edge(ticket(9).toString(), ticket(8).toString(), Kind.TOKEN, "buffer-0"));
    rig.tell(new Reservation.Unreserve(ticket(5)));
    assertThat(rig.reserved(Reservation.Reserved.class).requestId()).isEqualTo(first);
    rig.tell(new Reservation.Unreserve(ticket(3)));
    assertThat(rig.reserved(Reservation.Reserved.class).requestId()).isEqualTo(second);
  }

  @Test
  void reserve_tooManyWaiters_eagainAndTheOthersServed() {
    rig.reserve(0, false);
    for (int i = 1; i <= Token.WAITERS_MAX; i++) {
      rig.reserve(i, false);
    }
    rig.reserve(Token.WAITERS_MAX + 1L, false);
    expectRefused(Errno.EAGAIN);
    for (int i = 0; i <= Token.WAITERS_MAX; i++) {
      rig.tell(new Reservation.Unreserve(ticket(i)));
    }
    assertThat(rig.all(rig.toReservers, Reservation.Reserved.class)).hasSize(Token.WAITERS_MAX + 1);
    expectFree();
  }

  @Test
  void reserve_cancelled_answeredOnceWithItsErrno() {
    rig.reserve(1, false);
    rig.reserve(2, false);
    rig.tell(new Reservation.Cancel(OWNER, rig.lastRequest(), Errno.ETIMEDOUT));
    expectRefused(Errno.ETIMEDOUT);
    rig.tell(new Reservation.Cancel(OWNER, rig.lastRequest(), Errno.ETIMEDOUT));
    rig.tell(new Reservation.Unreserve(ticket(1)));
    assertThat(rig.toReservers).hasSize(2);
    expectFree();
  }

  @Test
  void clientGone_itsTokenAndPlacesGo() {
    Handle given = new Handle(2, 2);
    rig.tell(rig.share(rig.header(), given, Rights.MAP));
    rig.reserve(1, false);
    rig.reserve(2, false);
    rig.tell(
        new Reservation.Reserve(
            rig.header(STRANGER, 0, given), ticket(3), false, true, 0, rig.reserver()));
    long others = rig.lastRequest();
    rig.tell(new Reservation.ClientGone(OWNER));
    assertThat(rig.all(rig.toReservers, Reservation.Refused.class))
        .singleElement()
        .satisfies(refused -> assertThat(refused.refusal().errno()).isEqualTo(Errno.ECANCELED));
    assertThat(rig.reserved(Reservation.Reserved.class).requestId()).isEqualTo(others);
  }

  @Test
  void close_toldToABuffer_nothingHappens() {
    rig.reserve(1, false);
    rig.tell(new Reservation.Close(HANDLE));
    rig.reserve(1, false);
    expectRefused(Errno.EALREADY);
  }

  @Test
  void reserve_slots_heldForItsFencesAndGoneWithTheToken() {
    rig.tell(
        new Reservation.Reserve(
            rig.header(), ticket(1), false, true, ReservedFences.FENCES_MAX + 1, rig.reserver()));
    expectRefused(Errno.EAGAIN);
    rig.tell(new Reservation.Reserve(rig.header(), ticket(1), false, true, 1, rig.reserver()));
    expectReserved();
    addFence(1, FenceUsage.WRITE);
    assertThat(rig.reserved(Reservation.FenceAdded.class).requestId()).isEqualTo(rig.lastRequest());
    addFence(1, FenceUsage.WRITE);
    expectRefused(Errno.EALREADY);
    rig.tell(new Reservation.SignalFence(ticket(1), null));
    addFence(1, FenceUsage.WRITE);
    expectRefused(Errno.EINVAL);
    rig.tell(new Reservation.Unreserve(ticket(1)));
    addFence(1, FenceUsage.WRITE);
    expectRefused(Errno.EPERM);
    expectFree();
  }

  private void addFence(long stamp, FenceUsage usage) {
    rig.tell(new Reservation.AddFence(rig.header(), ticket(stamp), usage, rig.reserver()));
  }

  // --- tokens, uses and moves -----------------------------------------------------------------

  @Test
  void use_ofTheHolder_givesTheTokenUpWhateverItsAnswer() {
    int attachment = rig.mapped();
    rig.reserve(1, true);
    rig.reserve(2, false);
    rig.use(attachment, 1, FenceUsage.WRITE, 1);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.UseGranted.class);
    assertThat(rig.all(rig.toReservers, Reservation.Reserved.class)).hasSize(2);
    rig.use(attachment, 7, FenceUsage.WRITE, 2);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.UseStale.class);
    expectFree();
  }

  @Test
  void backOff_whileItWaitsForItsTurn_answeredStaleAndOthersGoOn() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 1);
    rig.use(attachment, 1, FenceUsage.WRITE, 2);
    rig.use(attachment, 1, FenceUsage.WRITE, 3);
    rig.tell(new Buffer.BackOff(ticket(2)));
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.UseStale.class);
    rig.tell(new Buffer.Signal(ticket(1), true));
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.UseGranted.class);
    assertThat(rig.waits()).isEmpty();
  }

  @Test
  void prepareMove_tokenOfAnOlderOne_busyOfAYoungerOneMoves() {
    rig.mapped();
    rig.reserve(5, false);
    rig.prepare(1, 6);
    Migration.Busy busy = rig.last(rig.toMigration, Migration.Busy.class);
    assertThat(busy.refusal().errno()).isEqualTo(Errno.EBUSY);
    assertThat(busy.refusal().reason()).contains(ticket(5).toString());
    rig.prepare(2, 4);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Invalidate.class);
  }

  @Test
  void reserve_moving_waitsForTheMoveOrBacksOffFromAnOlderOne() {
    int attachment = rig.mapped();
    rig.reserve(1, false);
    rig.tell(new Reservation.Unreserve(ticket(1)));
    rig.prepare(1, 4);
    rig.reserve(6, true);
    expectRefused(Errno.EDEADLK);
    rig.reserve(2, true);
    long older = rig.lastRequest();
    assertThat(rig.waits())
        .contains(new Edge(ticket(2).toString(), ticket(4).toString(), Kind.TOKEN, "buffer-0"));
    rig.unmap(attachment, 1);
    rig.landed(1, SYSTEM);
    assertThat(rig.reserved(Reservation.Reserved.class).requestId()).isEqualTo(older);
  }

  // --- explicit fences and polls --------------------------------------------------------------

  private void poll(boolean write) {
    rig.tell(new Reservation.Poll(rig.header(), write, rig.reserver()));
  }

  private Explicit export(boolean read, boolean write) {
    rig.tell(new Reservation.ExportFence(rig.header(), read, write, rig.reserver()));
    return rig.reserved(Reservation.FenceExported.class).fence();
  }

  private void importFence(Explicit fence, boolean read, boolean write) {
    rig.tell(new Reservation.ImportFence(rig.header(), fence, read, write, rig.reserver()));
  }

  @Test
  void poll_readableAfterWriters_writableAfterEverybody() {
    int attachment = rig.mapped();
    poll(true);
    assertThat(rig.reserved(Reservation.Ready.class).requestId()).isEqualTo(rig.lastRequest());
    rig.use(attachment, 1, FenceUsage.READ, 10);
    poll(false);
    assertThat(rig.reserved(Reservation.Ready.class).requestId()).isEqualTo(rig.lastRequest());
    poll(true);
    long writable = rig.lastRequest();
    assertThat(rig.toReservers).hasSize(2);
    rig.tell(new Buffer.Signal(ticket(10), true));
    assertThat(rig.reserved(Reservation.Ready.class).requestId()).isEqualTo(writable);
  }

  @Test
  void poll_tooMany_eagainAndCancelledEcanceled() {
    rig.use(rig.mapped(), 1, FenceUsage.WRITE, 10);
    for (int i = 0; i < FenceDesk.POLLS_MAX; i++) {
      poll(false);
    }
    long last = rig.lastRequest();
    poll(false);
    expectRefused(Errno.EAGAIN);
    rig.tell(new Reservation.Cancel(OWNER, last, Errno.ECANCELED));
    assertThat(rig.reserved(Reservation.Refused.class).requestId()).isEqualTo(last);
    rig.tell(new Buffer.Signal(ticket(10), true));
    assertThat(rig.all(rig.toReservers, Reservation.Ready.class)).hasSize(FenceDesk.POLLS_MAX - 1);
  }

  @Test
  void exportFence_neitherFlag_einvalIdle_signalledBusy_itsWriters() {
    int attachment = rig.mapped();
    rig.tell(new Reservation.ExportFence(rig.header(), false, false, rig.reserver()));
    expectRefused(Errno.EINVAL);
    assertThat(export(true, true).points()).isEmpty();
    rig.use(attachment, 1, FenceUsage.READ, 10);
    rig.use(attachment, 1, FenceUsage.READ, 11);
    assertThat(export(true, false).points()).as("a reader waits for writers").isEmpty();
    assertThat(export(false, true).points()).hasSize(2).allMatch(p -> p.home().equals(rig.self()));
  }

  @Test
  void importFence_unsignalled_heldUpUntilItsHomeSaysSo() {
    int attachment = rig.mapped();
    Point point = new Point(rig.stranger(), 5, 1);
    importFence(new Explicit(List.of(point)), false, true);
    assertThat(rig.reserved(Reservation.FenceImported.class).requestId())
        .isEqualTo(rig.lastRequest());
    assertThat(rig.toStranger)
        .containsExactly(new Buffer.ToReservation(new Reservation.Watch(5, 1, rig.self())));
    rig.use(attachment, 1, FenceUsage.READ, 10);
    assertThat(rig.all(rig.toImporters, Importer.UseGranted.class)).isEmpty();
    assertThat(export(true, false).points()).as("handed on, not renamed").containsExactly(point);
    importFence(new Explicit(List.of(point)), false, true);
    assertThat(rig.toStranger).as("known already").hasSize(1);
    rig.tell(new Reservation.PointSignalled(point, null));
    assertThat(rig.all(rig.toImporters, Importer.UseGranted.class)).hasSize(1);
  }

  @Test
  void importFence_homeDies_theFenceHasFailedAndNobodyWaits() {
    importFence(new Explicit(List.of(new Point(rig.stranger(), 5, 1))), false, true);
    poll(false);
    long poll = rig.lastRequest();
    rig.killStranger();
    assertThat(rig.reserved(Reservation.Ready.class).requestId()).isEqualTo(poll);
  }

  @Test
  void importFence_neverSignalled_aMoveWaitsNoLongerThanItsDeadline() {
    int attachment = rig.mapped();
    importFence(new Explicit(List.of(new Point(rig.stranger(), 5, 1))), true, false);
    rig.prepare(1, 9);
    rig.unmap(attachment, 1);
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).isEmpty();
    rig.tell(new Buffer.Overdue(1, true));
    assertThat(rig.all(rig.toMigration, Migration.Prepared.class)).hasSize(1);
  }

  @Test
  void importFence_malformedOrTooMany_refusedAndNothingAdded() {
    Explicit one = new Explicit(List.of(new Point(rig.stranger(), 5, 1)));
    importFence(one, false, false);
    expectRefused(Errno.EINVAL);
    Explicit many =
        new Explicit(Collections.nCopies(Explicit.POINTS_MAX + 1, new Point(rig.stranger(), 5, 1)));
    importFence(many, false, true);
    expectRefused(Errno.E2BIG);
    rig.reserve(1, false);
    rig.tell(new Reservation.Unreserve(ticket(1)));
    rig.tell(new Reservation.Reserve(rig.header(), ticket(1), false, true, 1, rig.reserver()));
    importFence(
        new Explicit(Collections.nCopies(Explicit.POINTS_MAX, new Point(rig.stranger(), 5, 1))),
        false,
        true);
    expectRefused(Errno.EAGAIN);
    poll(true);
    assertThat(rig.reserved(Reservation.Ready.class).requestId()).isEqualTo(rig.lastRequest());
    assertThat(rig.toStranger).isEmpty();
  }

  @Test
  void watch_ofAPointThatIsGone_signalledAtOnceOtherwiseWithItsFence() {
    rig.use(rig.mapped(), 1, FenceUsage.WRITE, 10);
    Point point = export(true, false).points().getFirst();
    rig.tell(new Reservation.Watch(point.context(), point.seqno(), rig.stranger()));
    rig.tell(new Reservation.Watch(77, 1, rig.stranger()));
    assertThat(rig.toStranger)
        .containsExactly(
            new Buffer.ToReservation(
                new Reservation.PointSignalled(new Point(rig.self(), 77, 1), null)));
    rig.tell(new Buffer.Signal(ticket(10), true));
    assertThat(rig.toStranger.getLast())
        .isEqualTo(new Buffer.ToReservation(new Reservation.PointSignalled(point, null)));
  }

  @Test
  void waits_useHeldRequestAndMove_whoForWhom() {
    int attachment = rig.mapped();
    rig.use(attachment, 1, FenceUsage.WRITE, 10);
    rig.use(attachment, 1, FenceUsage.READ, 11);
    rig.beginCpu(DmaDirection.FROM_DEVICE);
    String cpu = OWNER + " request-" + rig.lastRequest();
    assertThat(rig.waits())
        .containsExactly(
            new Edge(ticket(11).toString(), ticket(10).toString(), Kind.FENCE, "buffer-0"),
            new Edge(cpu, ticket(11).toString(), Kind.FENCE, "buffer-0"));
    rig.prepare(1, 1);
    assertThat(rig.waits())
        .containsExactly(
            new Edge(cpu, "buffer-0", Kind.MESSAGE, "buffer-0"),
            new Edge("buffer-0", ticket(10).toString(), Kind.FENCE, "buffer-0"),
            new Edge("buffer-0", "device-0", Kind.MESSAGE, "buffer-0"));
  }
}
