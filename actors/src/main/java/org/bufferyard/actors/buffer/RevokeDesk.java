package org.bufferyard.actors.buffer;

import java.util.ArrayList;
import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.allocator.Refusal;

/**
 * Takes the buffer away from everybody, for good. From the first moment nothing new is served; the
 * memory goes when nobody uses it any more, or at a move's deadline.
 */
final class RevokeDesk {
  private final BufferCore core;
  private final PlacementDesk placement;
  private final MapDesk maps;
  private final UseDesk uses;
  private final Drain drain;
  private final Gate gate;

  /** To be answered when the memory has gone. */
  private final List<Buffer.Revoke> revokers = new ArrayList<>(0);

  RevokeDesk(
      BufferCore core,
      PlacementDesk placement,
      MapDesk maps,
      UseDesk uses,
      Drain drain,
      Gate gate) {
    this.core = core;
    this.placement = placement;
    this.maps = maps;
    this.uses = uses;
    this.drain = drain;
    this.gate = gate;
  }

  void revoke(Buffer.Revoke revoke) {
    if (core.holding()) {
      placement.hold(revoke);
      return;
    }
    revokers.add(revoke);
    boolean first = core.state != State.REVOKED;
    core.draining |= core.state == State.RESIDENT;
    core.state = State.REVOKED;
    if (first) {
      tellEverybody();
    }
  }

  private void tellEverybody() {
    Refusal refusal = gate.revoked();
    if (core.desk != null) {
      core.desk.close(refusal);
    }
    uses.refuseWaiting(refusal);
    for (Attachment attachment : List.copyOf(core.attachments)) {
      core.tell(attachment.importer, new Importer.Revoked(core.id, attachment.id, core.generation));
      maps.retire(attachment);
    }
    if (core.draining) {
      uses.recallBrackets(refusal);
      core.updateEligible();
      core.tell(core.world.migration(), new Migration.WatchRevoke(core.id, core.self));
    }
  }

  void overdue(Buffer.RevokeOverdue overdue) {
    if (core.draining) {
      drain.overdue(Migration.NO_MOVE, overdue.force());
      if (overdue.force()) {
        uses.abandonBrackets();
      }
    }
  }

  /** Nobody uses the pages any more: they go, and who asked for that is answered. */
  void finishIfDrained() {
    if (core.state != State.REVOKED || (core.draining && !drain.done())) {
      return;
    }
    if (core.draining) {
      core.draining = false;
      placement.giveUpPages();
      core.tell(core.world.migration(), new Migration.RevokeDone(core.id));
    }
    for (Buffer.Revoke revoke : revokers) {
      core.tell(revoke.replyTo(), new HandleReply.Revoked(revoke.header().requestId(), core.id));
    }
    revokers.clear();
  }
}
