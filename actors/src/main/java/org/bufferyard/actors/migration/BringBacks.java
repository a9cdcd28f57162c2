package org.bufferyard.actors.migration;

import java.util.List;
import org.bufferyard.actors.environment.BringBack;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.validate.Attempt;
import org.bufferyard.allocator.validate.Validation;
import org.jspecify.annotations.Nullable;

/**
 * Which demands of buffers that could stay where they are are met, and how hard is tried. Owned by
 * the migration actor.
 */
final class BringBacks {
  private static final Refusal SPENT =
      new Refusal(Errno.EAGAIN, "the budget of moved bytes is spent");

  private final Environment environment;
  private final BringBack when;
  private final MoveBudget budget;
  private final ThrashWatch thrash;

  BringBacks(Environment environment) {
    this.environment = environment;
    this.when = environment.settings().bringBack();
    this.thrash = new ThrashWatch(environment.settings().management().upkeep());
    this.budget = new MoveBudget(environment.settings(), environment.topology().region(0).pages());
  }

  /** What is merely to be brought back may have to find room that is free. */
  List<Attempt> attempts(Migration.Demand demand) {
    boolean freeRoomOnly = demand.optional() && when == BringBack.NEVER;
    return Validation.attempts(demand.places(), !freeRoomOnly);
  }

  /**
   * Why the buffer stays where it is, or null; what it costs is then taken from the budget.
   *
   * @param freePages of the first region
   */
  @Nullable Refusal refusal(Transfer transfer, long freePages) {
    if (!transfer.optional) {
      return null;
    }
    long now = environment.clock().nowNanos();
    Refusal thrashes = thrash.refusal(transfer, now);
    if (thrashes != null || when != BringBack.BUDGET) {
      return thrashes;
    }
    long bytes = Pages.toBytes(transfer.pages());
    return budget.take(bytes, transfer.ticket, freePages, now) ? null : SPENT;
  }

  /** A buffer has moved. */
  void moved(Transfer transfer) {
    thrash.moved(transfer, environment.clock().nowNanos());
  }

  /** A buffer is gone. */
  void freed(BufferId buffer) {
    thrash.freed(buffer);
  }
}
