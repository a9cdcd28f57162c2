package org.bufferyard.actors.migration;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;

/**
 * The limits of buffers that are being revoked: those of a move, since buffers have no timers.
 * Owned by the migration actor.
 */
final class RevokeWatch {
  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final LinkedHashMap<BufferId, List<Cancellable>> limits = new LinkedHashMap<>();

  RevokeWatch(ActorContext<Migration.Command> context, Environment environment) {
    this.context = context;
    this.environment = environment;
  }

  void watch(Migration.WatchRevoke revoke) {
    ActorRef<Buffer.Command> buffer = revoke.ref();
    limits.put(
        revoke.buffer(),
        List.of(
            tell(buffer, environment.settings().invalidateReportNanos(), false),
            tell(buffer, environment.settings().invalidateDeadlineNanos(), true)));
  }

  private Cancellable tell(ActorRef<Buffer.Command> buffer, long afterNanos, boolean force) {
    return context.scheduleOnce(
        environment.clock().toScheduler(afterNanos), buffer, new Buffer.RevokeOverdue(force));
  }

  void done(BufferId buffer) {
    List<Cancellable> ended = limits.remove(buffer);
    if (ended != null) {
      ended.forEach(Cancellable::cancel);
    }
  }
}
