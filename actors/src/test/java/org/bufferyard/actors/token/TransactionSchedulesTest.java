package org.bufferyard.actors.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.waits.WaitGraph;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.Marks;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Reserve, back off and cancel in every order of the messages in flight for three actors and, where
 * that is too many, in seeded ones. A failing order is printed as its choices, or as the command
 * that replays its seed.
 */
class TransactionSchedulesTest {
  private static final int STEPS_MAX = 100_000;

  private static void runToTheEnd(TokenHall hall, Exhaustive.Choices choices) {
    hall.settle(choices::below);
    hall.expectAllDone();
  }

  @Test
  void twoTransactionsOneToken_everyOrder_bothThrough() {
    Marks marks = new Marks();
    long orders =
        Exhaustive.check(
            choices -> {
              TokenHall hall = new TokenHall(1, marks);
              hall.client(1, 2, List.of(0)).begin();
              hall.client(2, 2, List.of(0)).begin();
              runToTheEnd(hall, choices);
            });
    assertThat(orders).isGreaterThan(20);
    assertThat(marks.count("backed off")).as("a single token never needs it").isZero();
  }

  /** Each has one token and asks for the other's; from there every order. */
  @Test
  void abba_everyOrder_bothThroughAndTheOlderNeverBacksOff() {
    Marks marks = new Marks();
    long orders =
        Exhaustive.check(
            choices -> {
              TokenHall hall = new TokenHall(2, marks);
              TokenHall.Client older = hall.client(1, 1, List.of(0, 1));
              TokenHall.Client younger = hall.client(2, 1, List.of(1, 0));
              older.begin();
              hall.deliver(routes -> 0);
              younger.begin();
              hall.deliver(routes -> routes - 2);
              assertThat(hall.tokens)
                  .extracting(Token::holder)
                  .containsExactly(older.ticket, younger.ticket);
              runToTheEnd(hall, choices);
              assertThat(older.transaction.backOffs()).isZero();
              assertThat(older.lockedOnce && younger.lockedOnce).isTrue();
            });
    assertThat(orders).isGreaterThan(1_000);
    marks.assertReached("die on arrival", "backed off");
  }

  /** What tokens are for: without them some order of four messages is a deadlock. */
  @Test
  void withoutTokens_someOrder_usesInACircle() {
    Marks marks = new Marks();
    Exhaustive.check(
        choices -> {
          TokenHall hall = new TokenHall(2, marks);
          hall.useUnordered(hall.client(1, 1, List.of(0, 1)));
          hall.useUnordered(hall.client(2, 1, List.of(1, 0)));
          hall.settle(choices::below);
          marks.hit(new WaitGraph(hall.order()).cycle().isEmpty() ? "fine" : "circle");
        });
    marks.assertReached("fine", "circle");
  }

  /** The client loses interest after any number of deliveries, in every order of the rest. */
  @Test
  void cancel_atEveryMoment_nothingHeldAfterwardsAndTheOtherThrough() {
    Marks marks = new Marks();
    long orders =
        Exhaustive.check(
            choices -> {
              TokenHall hall = new TokenHall(1, marks);
              TokenHall.Client cancelled = hall.client(choices.between(1, 3), 1, List.of(0));
              TokenHall.Client other = hall.client(2, 2, List.of(0));
              int after = choices.below(5);
              cancelled.begin();
              other.begin();
              for (int i = 0; i < after; i++) {
                hall.deliver(choices::below);
              }
              if (!cancelled.over) {
                marks.hit(cancelled.transaction.awaited().isEmpty() ? "idle" : "while waiting");
                cancelled.cancel(new Refusal(Errno.ECANCELED, "no interest"));
              }
              runToTheEnd(hall, choices);
              assertThat(other.lockedOnce).isTrue();
            });
    assertThat(orders).isGreaterThan(500);
    marks.assertReached("while waiting");
  }

  private static final Marks SEEDED = new Marks();

  /** More of everything: 4 to 10 transactions over 2 to 8 tokens, some cancelled on the way. */
  @Seeded(runs = 100)
  void manyTransactions_seededOrders_allThroughOrCancelled(SeededRun run) {
    RandomGenerator random = run.random("hall");
    int tokens = 2 + random.nextInt(7);
    TokenHall hall = new TokenHall(tokens, SEEDED);
    List<TokenHall.Client> clients = new ArrayList<>();
    for (int i = 4 + random.nextInt(7); i > 0; i--) {
      List<Integer> wanted = new ArrayList<>();
      for (int k = random.nextInt(tokens) + 1; k > 0; k--) {
        wanted.add(random.nextInt(tokens));
      }
      clients.add(hall.client(random.nextInt(1000), 1 + random.nextInt(3), wanted));
    }
    clients.forEach(TokenHall.Client::begin);
    TokenHall.Client victim = clients.get(random.nextInt(clients.size()));
    int cancelAfter = random.nextInt(200);
    int steps = 0;
    while (hall.deliver(random::nextInt)) {
      if (++steps == cancelAfter && !victim.over) {
        victim.cancel(new Refusal(Errno.ECANCELED, "no interest"));
      }
      assertThat(steps).as("livelock").isLessThan(STEPS_MAX);
    }
    hall.expectAllDone();
    SEEDED.hit("runs");
    clients.forEach(client -> assertThat(client.lockedOnce || client == victim).isTrue());
  }

  /** A single seed that is replayed proves nothing about all of them. */
  @AfterAll
  static void allSeeds_rareBranchesReached() {
    if (SEEDED.count("runs") == 100) {
      SEEDED.assertReached("die on arrival", "die while waiting", "backed off");
    }
  }
}
