package org.bufferyard.actors.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.token.Token;
import org.bufferyard.actors.token.Token.Verdict;
import org.bufferyard.actors.token.TokenHall;
import org.bufferyard.allocator.Errno;
import org.bufferyard.testkit.Exhaustive;
import org.bufferyard.testkit.Marks;
import org.bufferyard.testkit.junit.Seeded;
import org.bufferyard.testkit.junit.SeededRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kernel/locking/test-ww_mutex.c} as inputs and outcomes, for the wait-die class. */
class TokenConformanceTest {
  private static final int WORKERS = 8;

  private static Ticket ticket(long stamp) {
    return new Ticket(stamp, new DeviceId(0), stamp);
  }

  private static Errno errno(List<Verdict<String>> verdicts) {
    if (verdicts.size() == 1
        && verdicts.getFirst() instanceof Verdict.Refused<String>(var request, var refusal)) {
      return refusal.errno();
    }
    throw new AssertionError("not refused: " + verdicts);
  }

  /** First and second take it by trying or waiting; the second holds something else or not. */
  @Test
  void WW01_mutex_neverTwoHolders() {
    long combinations =
        Exhaustive.check(
            choices -> {
              boolean firstTries = choices.flag();
              boolean secondTries = choices.flag();
              boolean secondHolds = choices.flag();
              Token<String> token = new Token<>();
              assertThat(token.claim(ticket(1), false, !firstTries, "first"))
                  .containsExactly(new Verdict.Granted<>("first"));
              List<Verdict<String>> answer =
                  token.claim(ticket(2), secondHolds, !secondTries, "second");
              assertThat(token.holder()).isEqualTo(ticket(1));
              if (secondTries) {
                assertThat(errno(answer)).isEqualTo(Errno.EBUSY);
              } else if (secondHolds) {
                assertThat(errno(answer)).isEqualTo(Errno.EDEADLK);
              } else {
                assertThat(answer).isEmpty();
                assertThat(token.release(ticket(1)))
                    .containsExactly(new Verdict.Granted<>("second"));
              }
            });
    assertThat(combinations).isEqualTo(8);
  }

  @Test
  void WW02_AA_eallreadyHoweverItAsksAgain() {
    Token<String> token = new Token<>();
    token.claim(ticket(1), false, true, "first");
    assertThat(errno(token.claim(ticket(1), false, false, "try"))).isEqualTo(Errno.EALREADY);
    assertThat(errno(token.claim(ticket(1), true, true, "again"))).isEqualTo(Errno.EALREADY);
    token.claim(ticket(2), false, true, "waits");
    assertThat(errno(token.claim(ticket(2), false, true, "twice"))).isEqualTo(Errno.EALREADY);
    assertThat(token.holder()).isEqualTo(ticket(1));
    assertThat(token.waiters()).hasSize(1);
  }

  /** The first lock by trying or by waiting; without resolving, at least one is told EDEADLK. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void WW03_ABBA_oneIsToldToBackOff(boolean tryFirst) {
    Token<String> a = new Token<>();
    Token<String> b = new Token<>();
    a.claim(ticket(1), false, !tryFirst, "older A");
    b.claim(ticket(2), false, !tryFirst, "younger B");
    assertThat(b.claim(ticket(1), true, true, "older B")).as("the older waits").isEmpty();
    assertThat(errno(a.claim(ticket(2), true, true, "younger A"))).isEqualTo(Errno.EDEADLK);
    assertThat(b.release(ticket(2))).containsExactly(new Verdict.Granted<>("older B"));
    assertThat(a.claim(ticket(2), false, true, "younger, slow path")).isEmpty();
    assertThat(a.release(ticket(1))).containsExactly(new Verdict.Granted<>("younger, slow path"));
  }

  @Seeded(runs = 20)
  void WW03_ABBA_resolved_bothThrough(SeededRun run) {
    hall(run, 2, List.of(List.of(0, 1), List.of(1, 0)), 1);
  }

  /** Worker i takes lock i and then lock i + 1, the last one lock 0. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
  void WW04_cycle_allResolve(int workers) {
    for (int seed = 0; seed < 10; seed++) {
      List<List<Integer>> wanted = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        wanted.add(List.of(i, (i + 1) % workers));
      }
      hall(new SeededRun(seed, 0, 1), workers, wanted, 1);
    }
  }

  @Seeded(runs = 5)
  void WW05_stress_sixteenLocksInAnyOrder(SeededRun run) {
    stress(run, 16, WORKERS, 20);
  }

  @Test
  void WW05_stress_2046LocksMixed() {
    stress(new SeededRun(1, 0, 1), 2046, 4, 1);
  }

  private static void stress(SeededRun run, int locks, int workers, int laps) {
    RandomGenerator random = run.random("orders");
    List<List<Integer>> wanted = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      List<Integer> order = new ArrayList<>();
      for (int lock = 0; lock < locks; lock++) {
        order.add(random.nextInt(order.size() + 1), lock);
      }
      wanted.add(order);
    }
    hall(run, locks, wanted, laps);
  }

  /** Everybody is refused nothing and gets through; the stamps are in no order. */
  private static void hall(SeededRun run, int locks, List<List<Integer>> wanted, int laps) {
    RandomGenerator random = run.random("deliveries");
    TokenHall hall = new TokenHall(locks, new Marks());
    List<TokenHall.Client> clients = new ArrayList<>();
    wanted.forEach(each -> clients.add(hall.client(random.nextInt(1000), laps, each)));
    clients.forEach(TokenHall.Client::begin);
    hall.settle(random::nextInt);
    hall.expectAllDone();
    assertThat(clients).allMatch(client -> client.lockedOnce && client.refused == null);
  }
}
