package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.FenceUsage;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.reservation.ReservationActor;
import org.bufferyard.actors.token.TokenHall;
import org.bufferyard.actors.token.Transaction;
import org.bufferyard.actors.token.Transaction.Step;
import org.bufferyard.allocator.Errno;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Marks;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.Test;

/** {@code drivers/gpu/drm/tests/drm_exec_test.c} as inputs and outcomes. */
class TransactionConformanceTest {
  private final TokenHall hall = new TokenHall(2, new Marks());

  private TokenHall.Client client(Integer... wanted) {
    TokenHall.Client client = hall.client(1, 1, List.of(wanted));
    client.keeps = true;
    return client;
  }

  private void settle() {
    hall.settle(routes -> 0);
  }

  @Test
  void EXEC01_lock_held() {
    TokenHall.Client client = client(0);
    client.begin();
    settle();
    assertThat(client.transaction.locked()).isTrue();
    assertThat(hall.tokens.getFirst().heldBy(client.ticket)).isTrue();
  }

  @Test
  void EXEC02_lockUnlockLock_heldAgain() {
    TokenHall.Client client = client(0);
    client.begin();
    settle();
    client.act(client.transaction.unlock(0));
    settle();
    assertThat(hall.tokens.getFirst().idle()).isTrue();
    client.begin();
    settle();
    assertThat(client.transaction.locked()).isTrue();
    assertThat(hall.tokens.getFirst().heldBy(client.ticket)).isTrue();
  }

  @Test
  void EXEC03_duplicates_onceWithTheFlagEalreadyWithout() {
    TokenHall.Client client = client(0, 0);
    client.begin();
    settle();
    assertThat(client.transaction.locked()).isTrue();
    client.act(client.transaction.finish());
    settle();
    client.transaction = new Transaction<>(false, true);
    client.begin();
    assertThat(client.refused).isEqualTo(Errno.EALREADY);
    settle();
    assertThat(hall.tokens.getFirst().idle()).as("nothing is held afterwards").isTrue();
  }

  private static final Handle HANDLE = new Handle(1, 1);
  private static final Ticket TICKET = new Ticket(1, new DeviceId(0), 1);

  private static Header header(long requestId) {
    return new Header(requestId, new ClientId(1), 0, HANDLE);
  }

  /** Locks a reservation with room for one fence, then adds it, then one too many. */
  @Test
  void EXEC04_prepare_roomForOneFence() {
    List<Reservation.Reply> replies = new ArrayList<>();
    Behavior<Void> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<Reservation.Command> resv =
                  context.spawn(ReservationActor.create("vm", HANDLE), "vm");
              ActorRef<Reservation.Reply> client =
                  context.spawn(
                      Behaviors.receiveMessage(
                          reply -> {
                            replies.add(reply);
                            return Behaviors.same();
                          }),
                      "client");
              resv.tell(new Reservation.Reserve(header(1), TICKET, false, true, 1, client));
              resv.tell(new Reservation.AddFence(header(2), TICKET, FenceUsage.WRITE, client));
              resv.tell(new Reservation.Unreserve(TICKET));
              resv.tell(new Reservation.AddFence(header(3), TICKET, FenceUsage.WRITE, client));
              return Behaviors.empty();
            });
    try (var system = DeterministicSystem.create(guardian, "exec", Settings.seed(1))) {
      system.runUntilIdle(1_000);
    }
    assertThat(replies.subList(0, 2))
        .containsExactly(new Reservation.Reserved(1), new Reservation.FenceAdded(2));
    assertThat(replies.get(2)).isInstanceOf(Reservation.Refused.class);
  }

  @Test
  void EXEC05_arrayOfTwo_bothHeld() {
    TokenHall.Client client = client(0, 1);
    client.begin();
    settle();
    assertThat(client.transaction.locked()).isTrue();
    assertThat(hall.tokens).allMatch(token -> token.heldBy(client.ticket));
  }

  @Test
  void EXEC06_emptyTwice_lockedAtOnce() {
    Transaction<Integer> transaction = new Transaction<>(false, true);
    assertThat(transaction.lock(List.of())).containsExactly(new Step.Locked<>());
    assertThat(transaction.finish()).isEmpty();
    assertThat(transaction.lock(List.of())).containsExactly(new Step.Locked<>());
  }
}
