package org.bufferyard.actors.lease;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.function.BiFunction;
import org.bufferyard.allocator.Refusal;

/** What an application's actor hears of the requests it told an importer. Carry its token. */
public sealed interface LeaseReply {
  long token();

  record Attached(long token, BufferAttachment attachment) implements LeaseReply {}

  /** The receiver closes the mapping. */
  record Mapped(long token, Mapping mapping) implements LeaseReply {}

  /** In the order asked; the receiver closes each. */
  record MappedBatch(long token, List<Mapping> mappings) implements LeaseReply {}

  /** Pinned, unpinned or detached. */
  record Done(long token) implements LeaseReply {}

  /** Nothing was done; of a batch, all that had been mapped is unmapped. */
  record Refused(long token, Refusal refusal) implements LeaseReply {}

  /** An answer by message, whose receiver owns what it gets. */
  static <T> Answer<T> to(
      ActorRef<? super LeaseReply> replyTo, long token, BiFunction<Long, T, LeaseReply> reply) {
    return new Answer<>() {
      @Override
      public void done(T value) {
        replyTo.tell(reply.apply(token, value));
      }

      @Override
      public void refused(Refusal refusal) {
        replyTo.tell(new Refused(token, refusal));
      }

      @Override
      public ActorRef<?> owner() {
        return replyTo;
      }
    };
  }
}
