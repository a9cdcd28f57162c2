package org.bufferyard.benchmarks.embed;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bufferyard.actors.lease.BufferAttachment;
import org.bufferyard.actors.lease.LeaseReply;
import org.bufferyard.allocator.DmaDirection;

/** Requesters that keep a window of requests open, and the bare actor they are compared with. */
final class Tells {
  record Ask(long token, ActorRef<Reply> replyTo) {}

  record Reply(long token) {}

  /** Answers, and does nothing else: what a request and reply cost at least. */
  static Behavior<Ask> echo() {
    return Behaviors.receiveMessage(
        ask -> {
          ask.replyTo().tell(new Reply(ask.token()));
          return Behaviors.same();
        });
  }

  /** {@code count} requests to the echo. */
  static Behavior<Reply> asking(
      ActorRef<Ask> echo, int window, long count, CompletableFuture<Void> done) {
    return Behaviors.setup(
        context -> {
          long[] sent = {0};
          long[] heard = {0};
          for (; sent[0] < window; sent[0]++) {
            echo.tell(new Ask(sent[0], context.getSelf()));
          }
          return Behaviors.receiveMessage(
              reply -> {
                if (++heard[0] == count) {
                  done.complete(null);
                  return Behaviors.stopped();
                }
                if (sent[0] < count) {
                  echo.tell(new Ask(sent[0]++, context.getSelf()));
                }
                return Behaviors.same();
              });
        });
  }

  /** {@code count} cached maps, each lease closed at once. */
  static Behavior<LeaseReply> mapping(
      List<BufferAttachment> buffers, int window, long count, CompletableFuture<Void> done) {
    return Behaviors.setup(
        context -> {
          long[] sent = {0};
          long[] heard = {0};
          for (; sent[0] < window; sent[0]++) {
            map(buffers, sent[0], context.getSelf());
          }
          return Behaviors.receiveMessage(
              reply -> {
                if (reply instanceof LeaseReply.Mapped mapped) {
                  mapped.mapping().close();
                }
                if (++heard[0] == count) {
                  done.complete(null);
                  return Behaviors.stopped();
                }
                if (sent[0] < count) {
                  map(buffers, sent[0]++, context.getSelf());
                }
                return Behaviors.same();
              });
        });
  }

  private static void map(List<BufferAttachment> buffers, long at, ActorRef<LeaseReply> replyTo) {
    buffers.get((int) (at % buffers.size())).map(DmaDirection.TO_DEVICE, at, replyTo);
  }

  private Tells() {}
}
