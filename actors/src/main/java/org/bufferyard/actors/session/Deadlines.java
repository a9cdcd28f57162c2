package org.bufferyard.actors.session;

import akka.actor.typed.javadsl.ActorContext;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;

/**
 * The deadline of a session's requests: one timer for all, at the oldest. A buffer answers what it
 * still holds; what it is working on is answered as usual. Owned by the session.
 */
final class Deadlines {
  private final ActorContext<Session.Command> context;
  private final Environment environment;
  private final ClientId client;
  private final OpenRequests open;
  private boolean watching;

  Deadlines(
      ActorContext<Session.Command> context,
      Environment environment,
      ClientId client,
      OpenRequests open) {
    this.context = context;
    this.environment = environment;
    this.client = client;
    this.open = open;
  }

  /** Makes sure that a sweep comes when the oldest request is due. */
  void watch() {
    if (!watching && !open.isEmpty()) {
      sweepIn(open.oldestNanos() + limitNanos() - environment.clock().nowNanos());
    }
  }

  void sweep() {
    watching = false;
    long dueNanos = environment.clock().nowNanos() - limitNanos();
    for (OpenRequests.Open request : open.sentBefore(dueNanos)) {
      if (request.grant() != null) {
        request.grant().ref().tell(new Buffer.Cancel(client, request.requestId(), Errno.ETIMEDOUT));
      }
    }
    if (!open.isEmpty()) {
      sweepIn(limitNanos());
    }
  }

  private void sweepIn(long nanos) {
    watching = true;
    context.scheduleOnce(
        environment.clock().toScheduler(Math.max(1, nanos)),
        context.getSelf(),
        new Session.Sweep());
  }

  private long limitNanos() {
    return environment.settings().requestDeadlineNanos();
  }
}
