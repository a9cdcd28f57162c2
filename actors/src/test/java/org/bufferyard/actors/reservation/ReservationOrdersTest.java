package org.bufferyard.actors.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.token.Transaction;
import org.bufferyard.actors.token.Transaction.Step;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.Marks;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.Strategy;
import org.bufferyard.testkit.Task;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The real actors of shared reservations and their clients: every order in which three of them can
 * handle what is in flight, and seeded orders for more.
 */
class ReservationOrdersTest {
  private static final Handle HANDLE = new Handle(1, 1);
  private static final long STEPS_MAX = 100_000;

  private sealed interface ToClient {}

  private record Begin() implements ToClient {}

  private record GiveUp() implements ToClient {}

  private record Heard(Reservation.Reply reply) implements ToClient {}

  /** Runs one transaction over all reservations and lets go once it is locked. */
  private static final class Client {
    private final List<ActorRef<Reservation.Command>> wanted;
    private boolean over;
    private final Ticket ticket;
    private final ClientId id;
    private final Outcomes outcomes;
    private final ActorRef<Reservation.Reply> self;
    private final Transaction<ActorRef<Reservation.Command>> transaction =
        new Transaction<>(false, true);

    Client(
        ActorContext<ToClient> context,
        int index,
        List<ActorRef<Reservation.Command>> wanted,
        Outcomes outcomes) {
      this.wanted = wanted;
      this.ticket = new Ticket(index, new DeviceId(index), 1);
      this.id = new ClientId(index);
      this.outcomes = outcomes;
      this.self = context.messageAdapter(Reservation.Reply.class, Heard::new);
    }

    Behavior<ToClient> running() {
      return Behaviors.receiveMessage(
          message -> {
            switch (message) {
              case Begin begin -> {
                if (!over) {
                  act(transaction.lock(wanted));
                }
              }
              case GiveUp up -> act(transaction.cancel(new Refusal(Errno.ECANCELED, "enough")));
              case Heard(var reply) -> onReply(reply);
            }
            return Behaviors.same();
          });
    }

    /** The request's id says which reservation and which attempt. */
    private void onReply(Reservation.Reply reply) {
      outcomes.answers++;
      int attempt = (int) (reply.requestId() / wanted.size());
      ActorRef<Reservation.Command> from = wanted.get((int) (reply.requestId() % wanted.size()));
      if (reply instanceof Reservation.Refused(var request, var refusal)) {
        outcomes.marks.hit(refusal.errno().name());
        act(transaction.refused(from, attempt, refusal));
      } else {
        act(transaction.granted(from, attempt));
      }
    }

    private void act(List<Step<ActorRef<Reservation.Command>>> steps) {
      for (Step<ActorRef<Reservation.Command>> step : steps) {
        switch (step) {
          case Step.Claim<ActorRef<Reservation.Command>>(var to, var attempt, var holding, var w) ->
              claim(to, attempt, holding);
          case Step.Release<ActorRef<Reservation.Command>>(var to) ->
              to.tell(new Reservation.Unreserve(ticket));
          case Step.Locked<ActorRef<Reservation.Command>>() -> {
            outcomes.locked.add(id);
            act(transaction.finish());
          }
          case Step.Failed<ActorRef<Reservation.Command>>(var refusal) -> {
            over = true;
            outcomes.failed.add(id);
          }
        }
      }
    }

    private void claim(ActorRef<Reservation.Command> to, int attempt, boolean holding) {
      outcomes.asked++;
      long requestId = (long) attempt * wanted.size() + wanted.indexOf(to);
      to.tell(
          new Reservation.Reserve(
              new Header(requestId, id, 0, HANDLE), ticket, holding, true, 0, self));
    }
  }

  /** What happened in one run. */
  private static final class Outcomes {
    final List<ClientId> locked = new ArrayList<>();
    final List<ClientId> failed = new ArrayList<>();
    final Marks marks;
    int asked;
    int answers;

    Outcomes(Marks marks) {
      this.marks = marks;
    }
  }

  /**
   * Picks by the choices of an exhaustive check once {@code armed}; first come first served before.
   */
  private static Strategy choosing(Exhaustive.Choices choices, boolean[] armed) {
    return random ->
        new Strategy.Picker() {
          private final List<Task> ready = new ArrayList<>();

          @Override
          public void ready(Task task) {
            ready.add(task);
          }

          @Override
          public @Nullable Task next() {
            if (ready.isEmpty()) {
              return null;
            }
            boolean free = armed[0] && ready.size() > 1;
            return ready.remove(free ? choices.below(ready.size()) : 0);
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
  }

  /**
   * Runs clients against reservations; one of them may give up when the scheduler comes to it.
   *
   * @param armed set once all actors are there
   */
  private static void run(
      Settings settings,
      boolean[] armed,
      int reservations,
      int clients,
      boolean quit,
      Marks marks) {
    Outcomes outcomes = new Outcomes(marks);
    List<ActorRef<Reservation.Command>> resvs = new ArrayList<>();
    List<ActorRef<ToClient>> refs = new ArrayList<>();
    Behavior<Begin> guardian =
        Behaviors.setup(
            context -> {
              for (int i = 0; i < reservations; i++) {
                resvs.add(context.spawn(ReservationActor.create("r" + i, HANDLE), "r" + i));
              }
              for (int i = 0; i < clients; i++) {
                int index = i;
                refs.add(
                    context.spawn(
                        Behaviors.setup(self -> new Client(self, index, resvs, outcomes).running()),
                        "client-" + i));
              }
              return Behaviors.receiveMessage(
                  begin -> {
                    refs.getFirst().tell(new GiveUp());
                    return Behaviors.same();
                  });
            });
    try (var system = DeterministicSystem.create(guardian, "orders", settings)) {
      system.runUntilIdle(STEPS_MAX);
      armed[0] = true;
      refs.forEach(client -> client.tell(new Begin()));
      if (quit) {
        system.system().tell(new Begin());
      }
      system.runUntilIdle(STEPS_MAX);
      armed[0] = false;
      expectAllThrough(outcomes, clients, quit);
      assertThat(system.failures().count()).isZero();
    }
  }

  private static void expectAllThrough(Outcomes outcomes, int clients, boolean quit) {
    assertThat(outcomes.answers).as("one answer for each request").isEqualTo(outcomes.asked);
    for (int i = quit ? 1 : 0; i < clients; i++) {
      assertThat(outcomes.locked).as("client %d is through", i).contains(new ClientId(i));
    }
    boolean first = outcomes.locked.contains(new ClientId(0));
    assertThat(first || outcomes.failed.contains(new ClientId(0))).isTrue();
    outcomes.marks.hit(first ? "through" : "gave up");
  }

  private static long everyOrder(int clients, boolean quit, Marks marks) {
    return Exhaustive.check(
        choices -> {
          boolean[] armed = {false};
          Settings settings = Settings.seed(1).withStrategy(choosing(choices, armed));
          run(settings, armed, 1, clients, quit, marks);
        });
  }

  @Test
  void twoClientsOneReservation_everyOrder_bothThrough() {
    Marks marks = new Marks();
    assertThat(everyOrder(2, false, marks)).isGreaterThan(10);
    marks.assertReached("through");
  }

  /** The third actor is the one that makes the client give up. */
  @Test
  void clientThatGivesUp_everyOrder_answeredAndThroughOrNot() {
    Marks marks = new Marks();
    assertThat(everyOrder(1, true, marks)).isGreaterThan(3);
    marks.assertReached("through", "gave up");
  }

  private static final int RUNS = 40;
  private static final Marks SEEDED = new Marks();

  @Seeded(runs = RUNS)
  void manyClients_seededOrders_allThroughOrGivenUp(SeededRun run) {
    RandomGenerator random = run.random("sizes");
    run(
        run.settings(),
        new boolean[1],
        2 + random.nextInt(4),
        2 + random.nextInt(5),
        random.nextBoolean(),
        SEEDED);
    SEEDED.hit("runs");
  }

  /** A single seed that is replayed proves nothing about all of them. */
  @AfterAll
  static void allSeeds_rareBranchesReached() {
    if (SEEDED.count("runs") == RUNS) {
      SEEDED.assertReached("through", "gave up", "EDEADLK", "ECANCELED");
    }
  }
}
