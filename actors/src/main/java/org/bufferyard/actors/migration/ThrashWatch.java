package org.bufferyard.actors.migration;

import org.bufferyard.actors.environment.Upkeep;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.bufferyard.allocator.policy.Admission;
import org.bufferyard.allocator.policy.graphics.ThrashDetector;
import org.bufferyard.allocator.policy.shadow.DenseIds;
import org.jspecify.annotations.Nullable;

/**
 * Which buffers go in and out of the first region in quick succession: they stay where they are for
 * a while. Holds under any policy. Owned by the migration actor.
 */
final class ThrashWatch {
  /** Buffers watched at once; others are taken not to thrash. */
  private static final int BUFFERS_MAX = 1 << 20;

  private static final int EXPECTED = 256;

  private static final Refusal THROTTLED =
      new Refusal(Errno.EAGAIN, "it thrashes, and stays where it is for a moment");
  private static final Refusal PINNED =
      new Refusal(Errno.EAGAIN, "it has thrashed again and again, and stays where it is");

  private final boolean on;
  private final DenseIds ids = new DenseIds(BUFFERS_MAX);
  private final ThrashDetector detector;

  ThrashWatch(Upkeep upkeep) {
    on = upkeep.thrash() != Upkeep.Thrash.NONE;
    detector =
        new ThrashDetector(
            upkeep.thrashWindowNanos(), upkeep.thrash() == Upkeep.Thrash.PIN, EXPECTED);
  }

  /** A move is over, but for its copy perhaps. */
  void moved(Transfer transfer, long nowNanos) {
    boolean inOrOut = (transfer.plan.from() == 0) != (transfer.plan.target() == 0);
    if (on && inOrOut) {
      int id = ids.bind(transfer.buffer.buffer().value());
      if (id != DenseIds.NONE) {
        detector.migrated(id, nowNanos);
      }
    }
  }

  /** Why a buffer that could stay where it is does not go to the first region, or null. */
  @Nullable Refusal refusal(Transfer transfer, long nowNanos) {
    int id = on ? ids.find(transfer.buffer.buffer().value()) : DenseIds.NONE;
    Admission admission = id == DenseIds.NONE ? Admission.ADMIT : detector.admission(id, nowNanos);
    return switch (admission) {
      case ADMIT -> null;
      case WAIT -> THROTTLED;
      case SPILL -> PINNED;
    };
  }

  /** The buffer is gone. */
  void freed(BufferId buffer) {
    int id = ids.release(buffer.value());
    if (id != DenseIds.NONE) {
      detector.forget(id);
    }
  }
}
