package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.jspecify.annotations.Nullable;

/**
 * Demands of buffers that could not move yet: each goes on when its buffer says so, or after a
 * while. A buffer has one at a time. Owned by the migration actor.
 */
final class RestingMoves {
  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final LinkedHashMap<BufferId, Transfer> resting = new LinkedHashMap<>();

  RestingMoves(ActorContext<Migration.Command> context, Environment environment) {
    this.context = context;
    this.environment = environment;
  }

  /** Until its buffer is heard of, and no longer than {@code nanos}. */
  void rest(Transfer transfer, long nanos) {
    resting.put(transfer.buffer.buffer(), transfer);
    context.scheduleOnce(
        environment.clock().toScheduler(nanos),
        context.getSelf(),
        new Migration.RetryMove(transfer.id));
  }

  /** The buffer's demand, which rests no longer; null if it has none here. */
  @Nullable Transfer wake(BufferId buffer) {
    Transfer transfer = resting.remove(buffer);
    if (transfer != null) {
      transfer.prepared = false;
      transfer.attempt = 0;
    }
    return transfer;
  }

  /** The demand of this number, if it still rests: its time is over. */
  @Nullable Transfer due(long move) {
    for (Transfer transfer : List.copyOf(resting.values())) {
      if (transfer.id == move) {
        return wake(transfer.buffer.buffer());
      }
    }
    return null;
  }
}
