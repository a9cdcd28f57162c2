package org.bufferyard.actors.migration;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.environment.Topology;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.YardEvent;
import org.bufferyard.allocator.Pages;

/** What has moved, counted to the byte, hop by hop. Not thread-safe; owned by migration. */
final class MoveLedger {
  private final Environment environment;
  private final long[] bytes;
  private final long[] moves;
  private long evictions;
  private long migrations;
  private long refaults;
  private long pingPongs;
  private long purges;
  private final MoveLog log;

  MoveLedger(Environment environment) {
    this.environment = environment;
    this.log = new MoveLog(environment.watching().moves());
    int regions = environment.topology().regions().size();
    bytes = new long[regions * regions];
    moves = new long[regions * regions];
  }

  /** One hop done; a hop that only rebinds pages counts its bytes too, as TTM counts it. */
  void hop(int from, int to, long pages) {
    int cell = from * environment.topology().regions().size() + to;
    bytes[cell] += Pages.toBytes(pages);
    moves[cell]++;
  }

  /** Contents were dropped instead of moved. */
  void purged() {
    purges++;
  }

  /** A transfer has landed. */
  void landed(Transfer transfer) {
    long now = environment.clock().nowNanos();
    boolean upward = transfer.plan.target() < transfer.plan.from();
    boolean refault = upward && transfer.lastEvictedNanos != Long.MIN_VALUE;
    boolean pingPong =
        refault && now - transfer.lastEvictedNanos <= environment.settings().pingPongNanos();
    migrations++;
    evictions += transfer.kind == Transfer.Kind.EVICT ? 1 : 0;
    refaults += refault ? 1 : 0;
    pingPongs += pingPong ? 1 : 0;
    if (transfer.kind != Transfer.Kind.RELOCATE) {
      log.moved(transfer, cause(transfer), now);
    }
    environment
        .observer()
        .tell(
            new YardEvent.Moved(
                now,
                transfer.buffer.buffer(),
                transfer.plan.from(),
                transfer.plan.target(),
                Pages.toBytes(transfer.pages()),
                cause(transfer),
                transfer.forWhom,
                transfer.buffer.owner(),
                refault,
                pingPong));
  }

  /** The buffer is gone. */
  void freed(Migration.Freed freed) {
    log.freed(freed.buffer(), freed.uses(), environment.clock().nowNanos());
  }

  private static YardEvent.Cause cause(Transfer transfer) {
    if (transfer.kind == Transfer.Kind.EVICT) {
      return YardEvent.Cause.EVICTION;
    }
    if (transfer.kind == Transfer.Kind.RELOCATE) {
      return YardEvent.Cause.DEFRAGMENTATION;
    }
    return transfer.optional ? YardEvent.Cause.BRING_BACK : YardEvent.Cause.CONSTRAINT;
  }

  Migration.Books books(int demands, int movesInFlight, long handled) {
    Topology topology = environment.topology();
    int regions = topology.regions().size();
    List<Migration.LinkBytes> moved = new ArrayList<>();
    for (int cell = 0; cell < bytes.length; cell++) {
      if (moves[cell] > 0) {
        moved.add(
            new Migration.LinkBytes(
                topology.region(cell / regions).name(),
                topology.region(cell % regions).name(),
                bytes[cell],
                moves[cell]));
      }
    }
    return new Migration.Books(
        demands,
        movesInFlight,
        evictions,
        migrations,
        refaults,
        pingPongs,
        purges,
        moved,
        handled,
        log.records(),
        log.leftOut());
  }
}
