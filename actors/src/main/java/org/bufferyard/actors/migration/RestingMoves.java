package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Demands that cannot be served yet and stand in no queue: each goes on when its buffer says so, or
 * after a while. A buffer has one at a time. Owned by the migration actor.
 */
final class RestingMoves {
  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final LinkedHashMap<BufferId, Transfer> resting = new LinkedHashMap<>();

  RestingMoves(ActorContext<Migration.Command> context, Environment environment) {
    this.context = context;
    this.environment = environment;
  }

  /**
   * After a move that did not happen.
   *
   * @return false if it is to be refused
   */
  boolean afterMove(Transfer transfer, MoveDesk.Again again) {
    return again != MoveDesk.Again.NEVER && rest(transfer, again == MoveDesk.Again.LATER);
  }

  /**
   * Whom only its client's own bounds keep out does not stand in others' way while its client's
   * buffers are in use.
   *
   * @return false if it is to be refused
   */
  boolean atItsLimit(Transfer transfer, Refusal refusal) {
    return refusal.errno() == Errno.EDQUOT && rest(transfer, true);
  }

  /** Until its buffer is heard of, and no longer than any demand waits for room. */
  private boolean rest(Transfer transfer, boolean nobodyTells) {
    long waitedNanos = environment.clock().nowNanos() - transfer.startedNanos;
    long leftNanos = environment.settings().roomWaitNanos() - waitedNanos;
    if (transfer.kind == Transfer.Kind.EVICT || transfer.optional || leftNanos <= 0) {
      return false;
    }
    long nanos = nobodyTells ? Math.min(leftNanos, environment.settings().retryNanos()) : leftNanos;
    resting.put(transfer.buffer.buffer(), transfer);
    context.scheduleOnce(
        environment.clock().toScheduler(nanos),
        context.getSelf(),
        new Migration.RetryMove(transfer.id));
    return true;
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
