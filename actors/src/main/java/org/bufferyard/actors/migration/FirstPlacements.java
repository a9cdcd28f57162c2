package org.bufferyard.actors.migration;

import java.util.LinkedHashMap;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Buffer;

/**
 * Buffers that get their first memory. Where others' contents have not left it yet, the buffer has
 * it under a fence, which signals when they have. Owned by the migration actor.
 */
final class FirstPlacements {
  private final Topology topology;
  private final LinkedHashMap<Long, Transfer> clearing = new LinkedHashMap<>();

  FirstPlacements(Topology topology) {
    this.topology = topology;
  }

  /** Of those placed, how many are still under a fence. */
  int clearing() {
    return clearing.size();
  }

  /** The room of {@code transfer} is complete: the buffer has it. */
  void place(Transfer transfer) {
    int target = transfer.plan.target();
    transfer.countMoved(1);
    if (transfer.isFenced()) {
      clearing.put(transfer.id, transfer);
    }
    transfer
        .buffer
        .ref()
        .tell(
            new Buffer.Placed(
                target,
                transfer.framesIn(topology.backing(target)),
                transfer.currentAttempt().settled(),
                transfer.movedBytes,
                transfer.isFenced() ? transfer.id : Buffer.NO_FENCE));
  }

  boolean isClearing(Transfer transfer) {
    return clearing.containsKey(transfer.id);
  }

  /** Of one that is clearing, some frames may be written: the fence signals if that is all. */
  void cleared(Transfer transfer) {
    if (!transfer.isFenced()) {
      clearing.remove(transfer.id);
      transfer.buffer.ref().tell(new Buffer.CopyDone(transfer.id));
    }
  }
}
