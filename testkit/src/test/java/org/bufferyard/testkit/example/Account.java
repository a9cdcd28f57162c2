package org.bufferyard.testkit.example;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;

/** An account whose balance is read by one message and written by another. */
sealed interface Account {
  record Read(ActorRef<Integer> replyTo) implements Account {}

  record Write(int balance) implements Account {}

  static Behavior<Account> holding(int balance) {
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Read read -> {
                read.replyTo().tell(balance);
                yield Behaviors.same();
              }
              case Write write -> holding(write.balance());
            });
  }

  /** The planted race: another depositor may write between this one's read and its write. */
  static Behavior<Integer> depositor(ActorRef<Account> account) {
    return Behaviors.setup(
        context -> {
          account.tell(new Read(context.getSelf()));
          return Behaviors.receiveMessage(
              balance -> {
                account.tell(new Write(balance + 1));
                return Behaviors.stopped();
              });
        });
  }
}
