package org.bufferyard.actors.sanitizer;

import akka.actor.ActorPath;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import org.bufferyard.actors.protocol.Buffer;

/** Whom the answer to a request goes to. */
final class Requesters {
  static ActorPath path(Buffer.Request request) {
    return Adapter.toClassic(replyTo(request)).path();
  }

  private static ActorRef<?> replyTo(Buffer.Request request) {
    return switch (request) {
      case Buffer.Attach r -> r.replyTo();
      case Buffer.Map r -> r.replyTo();
      case Buffer.Unmap r -> r.replyTo();
      case Buffer.Detach r -> r.replyTo();
      case Buffer.Use r -> r.replyTo();
      case Buffer.Pin r -> r.replyTo();
      case Buffer.Unpin r -> r.replyTo();
      case Buffer.BeginCpu r -> r.replyTo();
      case Buffer.EndCpu r -> r.replyTo();
      case Buffer.Mmap r -> r.replyTo();
      case Buffer.Vmap r -> r.replyTo();
      case Buffer.Vunmap r -> r.replyTo();
      case Buffer.Validate r -> r.replyTo();
      case Buffer.Share r -> r.replyTo();
      case Buffer.Release r -> r.replyTo();
      case Buffer.Revoke r -> r.replyTo();
      case Buffer.Offer r -> r.replyTo();
      case Buffer.Reclaim r -> r.replyTo();
    };
  }

  private Requesters() {}
}
