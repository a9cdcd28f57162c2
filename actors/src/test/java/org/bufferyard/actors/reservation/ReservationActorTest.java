package org.bufferyard.actors.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a shared reservation has that a buffer's own has not: its handle, and an end. */
class ReservationActorTest {
  private static final Handle HANDLE = new Handle(1, 1);

  private final List<Reservation.Reply> replies = new ArrayList<>();
  private final List<ActorRef<Reservation.Command>> resvs = new ArrayList<>();
  private final List<ActorRef<Reservation.Reply>> clients = new ArrayList<>();
  private final DeterministicSystem<Void> system =
      DeterministicSystem.create(guardian(), "resv", Settings.seed(1));

  ReservationActorTest() {
    system.runUntilIdle(1_000);
  }

  private Behavior<Void> guardian() {
    return Behaviors.setup(
        context -> {
          resvs.add(context.spawn(ReservationActor.create("vm", HANDLE), "vm"));
          clients.add(
              context.spawn(
                  Behaviors.receiveMessage(
                      reply -> {
                        replies.add(reply);
                        return Behaviors.same();
                      }),
                  "client"));
          return Behaviors.empty();
        });
  }

  @AfterEach
  void close() {
    system.close();
  }

  private void tell(Reservation.Command command) {
    resvs.getFirst().tell(command);
    system.runUntilIdle(1_000);
  }

  private void reserve(long id, Handle handle) {
    tell(
        new Reservation.Reserve(
            new Header(id, new ClientId(1), 0, handle),
            new Ticket(id, new DeviceId(0), id),
            false,
            true,
            0,
            clients.getFirst()));
  }

  private Errno refused() {
    return ((Reservation.Refused) replies.getLast()).refusal().errno();
  }

  @Test
  void anyRequest_anotherHandle_ebadf() {
    reserve(1, new Handle(2, 2));
    assertThat(refused()).isEqualTo(Errno.EBADF);
    reserve(2, HANDLE);
    assertThat(replies.getLast()).isEqualTo(new Reservation.Reserved(2));
  }

  @Test
  void close_anotherHandle_nothingHappens() {
    tell(new Reservation.Close(new Handle(2, 2)));
    reserve(1, HANDLE);
    assertThat(replies).containsExactly(new Reservation.Reserved(1));
  }

  @Test
  void close_somebodyWaits_enodev() {
    reserve(1, HANDLE);
    reserve(2, HANDLE);
    assertThat(replies).hasSize(1);
    tell(new Reservation.Close(HANDLE));
    assertThat(replies).hasSize(2);
    assertThat(refused()).isEqualTo(Errno.ENODEV);
  }
}
