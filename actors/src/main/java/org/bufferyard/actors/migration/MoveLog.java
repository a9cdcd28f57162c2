package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.MoveRecord;
import org.bufferyard.actors.protocol.MoveRecord.Next;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;

/**
 * Moves and what followed them, the first {@code max}; later ones are counted. Some 150 bytes each.
 * Not thread-safe; owned by migration.
 */
final class MoveLog {
  private final int max;
  private final List<MoveRecord> records = new ArrayList<>();

  /** Of buffers that have moved and are alive: where their last move is among the records. */
  private final LinkedHashMap<BufferId, Integer> last = new LinkedHashMap<>();

  private long leftOut;

  MoveLog(int max) {
    this.max = max;
  }

  void moved(Transfer transfer, YardEvent.Cause cause, long nowNanos) {
    int from = transfer.plan.from();
    int to = transfer.plan.target();
    BufferId buffer = transfer.buffer.buffer();
    Integer before = last.remove(buffer);
    if (before != null) {
      Next next = to < from ? Next.CAME_NEARER : Next.WENT_FURTHER;
      long cost = nowNanos - transfer.startedNanos;
      follow(before, next, transfer.usesBefore, nowNanos, transfer.forWhom, cost);
    }
    if (records.size() == max) {
      leftOut++;
      return;
    }
    last.put(buffer, records.size());
    records.add(record(transfer, cause, from, to));
  }

  private static MoveRecord record(Transfer transfer, YardEvent.Cause cause, int from, int to) {
    Transfer root = transfer.root;
    return new MoveRecord(
        transfer.settledNanos,
        transfer.settledNanos - transfer.decidedNanos,
        root.id,
        root.buffer.buffer(),
        transfer.forWhom,
        transfer.buffer.buffer(),
        transfer.buffer.owner(),
        Pages.toBytes(transfer.pages()),
        from,
        to,
        cause,
        Next.NONE,
        UsesSince.NEVER,
        0,
        transfer.buffer.owner(),
        0);
  }

  void freed(BufferId buffer, UsesSince uses, long nowNanos) {
    Integer before = last.remove(buffer);
    if (before != null) {
      follow(before, Next.FREED, uses, nowNanos, records.get(before).owner(), 0);
    }
  }

  private void follow(
      int at, Next next, UsesSince uses, long nowNanos, ClientId client, long costNanos) {
    records.set(at, records.get(at).followedBy(next, uses, nowNanos, client, costNanos));
  }

  List<MoveRecord> records() {
    return List.copyOf(records);
  }

  long leftOut() {
    return leftOut;
  }
}
