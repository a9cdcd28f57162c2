package org.bufferyard.actors.migration;

import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.jspecify.annotations.Nullable;

/**
 * Demands of buffers that could not move yet, until the buffer says that it can, or their time is
 * over; a buffer has one at a time. Owned by the migration actor.
 */
final class RestingMoves {
  private final ActorContext<Migration.Command> context;
  private final Environment environment;
  private final Consumer<Transfer> planner;
  private final LinkedHashMap<BufferId, Transfer> resting = new LinkedHashMap<>();

  /**
   * None so far.
   *
   * @param planner takes one up again
   */
  RestingMoves(
      ActorContext<Migration.Command> context,
      Environment environment,
      Consumer<Transfer> planner) {
    this.context = context;
    this.environment = environment;
    this.planner = planner;
  }

  /** False where no further try may help, or it has waited long enough. */
  boolean rest(Transfer transfer, MoveDesk.Again again) {
    long waitedNanos = environment.clock().nowNanos() - transfer.startedNanos;
    long leftNanos = environment.settings().roomWaitNanos() - waitedNanos;
    if (again == MoveDesk.Again.NEVER || leftNanos <= 0) {
      return false;
    }
    boolean told = again == MoveDesk.Again.WHEN_TOLD;
    long nanos = told ? leftNanos : Math.min(leftNanos, environment.settings().retryNanos());
    resting.put(transfer.buffer.buffer(), transfer);
    context.scheduleOnce(
        environment.clock().toScheduler(nanos),
        context.getSelf(),
        new Migration.RetryMove(transfer.id));
    return true;
  }

  void tryAgain(BufferId buffer) {
    tryAgain(resting.get(buffer));
  }

  void overdue(long move) {
    for (Transfer transfer : List.copyOf(resting.values())) {
      if (transfer.id == move) {
        tryAgain(transfer);
      }
    }
  }

  private void tryAgain(@Nullable Transfer transfer) {
    if (transfer != null) {
      resting.remove(transfer.buffer.buffer());
      transfer.prepared = false;
      transfer.attempt = 0;
      planner.accept(transfer);
    }
  }
}
