package org.bufferyard.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bufferyard.testkit.DeterministicSystem;
import org.bufferyard.testkit.Settings;
import org.bufferyard.testkit.junit.Seeded;

/**
 * The README's example: two deposits, of which one is lost in some orders.
 *
 * <p>It fails, as it should, so the build does not run it by itself (its name has no Test in it):
 * {@link RaceFoundTest} runs it and expects that.
 */
class AccountDeposits {
  @Seeded(runs = 100)
  void deposit_twice_bothCounted(long seed) {
    AtomicInteger balance = new AtomicInteger();
    try (var system = DeterministicSystem.create(bank(balance), "bank", Settings.seed(seed))) {
      system.runFor(Duration.ofDays(2));
    }
    assertThat(balance).hasValue(2);
  }

  /** Two depositors, and an audit on the next day. */
  private static Behavior<Integer> bank(AtomicInteger balance) {
    return Behaviors.setup(
        context -> {
          ActorRef<Account> account = context.spawn(Account.holding(0), "account");
          context.spawn(Account.depositor(account), "alice");
          context.spawn(Account.depositor(account), "bob");
          context.scheduleOnce(Duration.ofDays(1), account, new Account.Read(context.getSelf()));
          return Behaviors.receiveMessage(
              audited -> {
                balance.set(audited);
                return Behaviors.same();
              });
        });
  }
}
