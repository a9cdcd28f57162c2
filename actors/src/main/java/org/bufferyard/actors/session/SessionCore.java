package org.bufferyard.actors.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Handle;
import org.bufferyard.actors.protocol.Header;
import org.bufferyard.actors.protocol.RequestKind;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.actors.protocol.Tally;
import org.bufferyard.actors.session.OpenRequests.Open;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** All that one session knows of its client. Not thread-safe; owned by its actor and its desks. */
final class SessionCore {
  /** In a refusal that concerns no buffer the client holds. */
  private static final long NO_COOKIE = -1;

  final ActorContext<Session.Command> context;
  final Environment environment;
  final ClientId client;
  final long epoch;
  final Grants grants;
  final OpenRequests open = new OpenRequests();
  final Tally tally = new Tally();
  final Deadlines deadlines;
  private final RandomGenerator tokens;
  private long requestIds;

  /** The client is gone: the session stops when all has been answered. */
  boolean ending;

  SessionCore(
      ActorContext<Session.Command> context, Environment environment, ClientId client, long epoch) {
    this.context = context;
    this.environment = environment;
    this.client = client;
    this.epoch = epoch;
    this.tokens = environment.randomness().stream("handles-" + client.value());
    this.grants = new Grants(context);
    this.deadlines = new Deadlines(context, environment, client, open);
  }

  /** A handle this client holds; otherwise the request ends here. */
  Session.@Nullable Grant known(Handle handle, RequestKind kind, ActorRef<Session.Reply> replyTo) {
    tally.requested(kind);
    Session.Grant grant = grants.get(handle);
    if (grant == null) {
      tally.refused(kind, Errno.EBADF);
      replyTo.tell(
          new Session.Refused(
              NO_COOKIE, kind, new Refusal(Errno.EBADF, client + " does not hold " + handle)));
    }
    return grant;
  }

  /** Enters a request on its way, or null for one of the session's own; returns its id. */
  long opened(
      RequestKind kind,
      Session.@Nullable Grant grant,
      Session.@Nullable Command asked,
      ActorRef<Session.Reply> replyTo) {
    long id = ++requestIds;
    open.add(new Open(id, kind, now(), grant, asked, replyTo));
    deadlines.watch();
    return id;
  }

  /** The request answered, or null: it was answered before. */
  @Nullable Open answered(long requestId) {
    Open request = open.answered(requestId);
    if (request != null) {
      tally.answered(request.kind());
    }
    return request;
  }

  /** Passes a request on to the buffer, unless the client does not hold the handle. */
  void forward(
      RequestKind kind,
      Handle handle,
      Session.Command asked,
      ActorRef<Session.Reply> replyTo,
      Function<Header, Buffer.Command> message) {
    Session.Grant grant = known(handle, kind, replyTo);
    if (grant != null) {
      long id = opened(kind, grant, asked, replyTo);
      grant.ref().tell(message.apply(header(id, grant)));
    }
  }

  /** Answers a request about a buffer; nothing where it was answered before. */
  void answer(long requestId, Function<Handle, Session.Reply> reply) {
    Open request = answered(requestId);
    if (request != null && request.grant() != null) {
      request.replyTo().tell(reply.apply(request.grant().handle()));
    }
  }

  void refused(long requestId, Refusal refusal) {
    Open request = open.answered(requestId);
    if (request != null) {
      tally.refused(request.kind(), refusal.errno());
      long cookie = request.grant() == null ? NO_COOKIE : request.grant().cookie();
      request.replyTo().tell(new Session.Refused(cookie, request.kind(), refusal));
    }
  }

  /** For what is asked without waiting for an answer. */
  Header unanswered(Session.Grant grant) {
    return header(++requestIds, grant);
  }

  <T> ActorRef<T> nobody() {
    return context.getSystem().ignoreRef();
  }

  Header header(long requestId, Session.Grant grant) {
    return new Header(requestId, client, epoch, grant.handle());
  }

  Handle newHandle() {
    return new Handle(tokens.nextLong(), tokens.nextLong());
  }

  long now() {
    return environment.clock().nowNanos();
  }
}
