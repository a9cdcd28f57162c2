package org.bufferyard.actors.buffer;

import java.util.List;
import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Fate;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.actors.protocol.UsesSince;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;

/** A move, as the buffer sees it: invalidate, wait for fences and unmaps, land. */
final class MovingDesk {
  private final BufferCore core;
  private final PlacementDesk placement;
  private final MapDesk maps;
  private final UseDesk uses;
  private final OfferDesk offers;
  private final Drain drain;

  MovingDesk(
      BufferCore core,
      PlacementDesk placement,
      MapDesk maps,
      UseDesk uses,
      OfferDesk offers,
      Drain drain) {
    this.core = core;
    this.placement = placement;
    this.maps = maps;
    this.uses = uses;
    this.offers = offers;
    this.drain = drain;
  }

  void prepare(Buffer.PrepareMove prepare) {
    if (core.zombie && prepare.mayWait() && core.attachments.isEmpty() && !core.holding()) {
      // Its end, which waits for fences alone, gives more room than a move: that is the answer.
      core.move = prepare.move();
      return;
    }
    Migration.Busy busy = refusal(prepare);
    if (busy != null) {
      turnAway(prepare, busy);
      return;
    }
    core.state = State.MOVING;
    core.move = prepare.move();
    core.moveTicket = prepare.ticket();
    if (core.desk != null) {
      core.desk.token().take(prepare.ticket());
    }
    core.prepared = false;
    core.givenUp = prepare.fate() == Fate.GIVEN_UP;
    core.purging = core.givenUp || prepare.fate() == Fate.DROPPED || offers.discards();
    for (Attachment attachment : List.copyOf(core.attachments)) {
      if (attachment.state == Attachment.State.MAPPED && !attachment.idle()) {
        core.tell(
            attachment.importer, new Importer.Invalidate(core.id, attachment.id, core.generation));
      }
      maps.retire(attachment);
    }
    uses.turnAwayWaiting();
    reportIfPrepared();
  }

  /** Who would wait is told when there is no need to. */
  private void turnAway(Buffer.PrepareMove prepare, Migration.Busy busy) {
    core.tell(core.world.migration(), busy);
    Buffer.PrepareMove before = core.turnedAway;
    boolean oldest =
        before == null
            || before.fate() != prepare.fate()
            || before.ticket().youngerThan(prepare.ticket());
    if (prepare.mayWait() && !busy.lasting() && oldest) {
      core.turnedAway = prepare;
    }
  }

  /**
   * After each message: what was said to whom was turned away does not hold any more. An older
   * ticket is never turned away where a younger one is not, so the oldest speaks for all.
   */
  void tellIfOtherwise() {
    Buffer.PrepareMove before = core.turnedAway;
    if (before == null) {
      return;
    }
    Migration.Busy busy = refusal(before);
    if (busy != null && !busy.lasting()) {
      return;
    }
    core.turnedAway = null;
    if (core.region != Migration.NOWHERE) {
      core.world.regions().get(core.region).tell(new Region.MayLeave(core.id));
    }
    if (core.demanding) {
      core.world.migration().tell(new Migration.MayMove(core.id));
    }
  }

  private Migration.@Nullable Busy refusal(Buffer.PrepareMove prepare) {
    if (core.zombie) {
      return busy(prepare, Errno.ENODEV, "its last handle is gone", true);
    }
    return switch (core.state) {
      case DECLARED -> busy(prepare, Errno.EINVAL, "it has no memory yet", true);
      case ALLOCATING -> busy(prepare, Errno.EBUSY, "it is being allocated", false);
      case MOVING -> busy(prepare, Errno.EALREADY, "it is moving already", false);
      case RESIDENT -> residentRefusal(prepare);
      case PURGED -> busy(prepare, Errno.EINVAL, "its contents were discarded", true);
      case REVOKED -> busy(prepare, Errno.ENODEV, "it was revoked", true);
    };
  }

  private Migration.@Nullable Busy residentRefusal(Buffer.PrepareMove prepare) {
    if (prepare.fate() == Fate.DROPPED_IF_OFFERED && !offers.discards()) {
      return busy(prepare, Errno.EBUSY, "its contents are not on offer, or asked for", false);
    }
    if (core.pinned()) {
      return busy(prepare, Errno.EBUSY, "pinned, statically mapped or open to the CPU", false);
    }
    for (Attachment attachment : core.attachments) {
      if (attachment.busyWithIommu()) {
        return busy(prepare, Errno.EBUSY, attachment.device + " is mapping it", false);
      }
    }
    Ticket reserved = core.desk == null ? null : core.desk.token().holder();
    if (reserved != null && !reserved.youngerThan(prepare.ticket())) {
      return busy(prepare, Errno.EBUSY, "its token is held by " + reserved, false);
    }
    for (Ticket holder : core.holds) {
      if (!holder.youngerThan(prepare.ticket()) && !bringsBack()) {
        return busy(prepare, Errno.EBUSY, "held by an older submission", false);
      }
    }
    boolean awaited = !core.fenced.isEmpty() || !core.held.isEmpty();
    if (awaited && !core.fences.contentsInPlace()) {
      // Or it could be moved on before anybody has used it, again and again.
      return busy(prepare, Errno.EBUSY, "awaited, and its contents are still on their way", false);
    }
    boolean mustWait = !core.fences.isEmpty() || !core.holds.isEmpty() || reserved != null;
    return mustWait && !prepare.mayWait() ? busy(prepare, Errno.EBUSY, "in use", false) : null;
  }

  /**
   * The buffer goes to where it is asked for and nobody has it mapped: an older submission that
   * holds it waits for just that, whoever's map came first.
   */
  private boolean bringsBack() {
    return core.demanding && core.attachments.stream().noneMatch(Attachment::holdsMapping);
  }

  private Migration.Busy busy(
      Buffer.PrepareMove prepare, Errno errno, String reason, boolean lasting) {
    return new Migration.Busy(
        prepare.move(), core.id, new Refusal(errno, core.id + ": " + reason), lasting);
  }

  /** Once no fence is unsignalled and no mapping is left, the old pages are nobody's. */
  void reportIfPrepared() {
    if (core.state != State.MOVING || core.prepared || !drain.done()) {
      return;
    }
    if (core.purging) {
      offers.purge();
      return;
    }
    core.prepared = true;
    core.tell(
        core.world.migration(),
        new Migration.Prepared(
            core.move, core.id, core.region, core.extents, core.lastEvictedNanos, core.uses));
  }

  /** Names the laggards; at the deadline tears their mappings down and detaches them. */
  void overdue(Buffer.Overdue overdue) {
    if (core.zombie && core.state == State.RESIDENT && core.move == overdue.move()) {
      if (overdue.force()) {
        Refusal refusal =
            new Refusal(Errno.EBUSY, core.id + ": its last handle is gone, its fences are not");
        core.tell(core.world.migration(), new Migration.Busy(core.move, core.id, refusal, true));
      }
    } else if (core.state == State.MOVING && !core.prepared && core.move == overdue.move()) {
      drain.overdue(overdue.move(), overdue.force());
    }
  }

  void landed(Buffer.Landed landed) {
    boolean relocated = !landed.answersDemand() && landed.region() == core.region;
    if (!relocated) {
      leave(landed);
    }
    core.inPlaceSinceNanos = 0;
    if (landed.fence() != Buffer.NO_FENCE) {
      core.fences.addKernel(landed.fence());
    }
    core.region = landed.region();
    core.extents = landed.extents();
    core.generation++;
    core.state = State.RESIDENT;
    core.endMoveToken();
    if (relocated) {
      core.tell(core.world.regions().get(core.region), new Region.Relocated(core.id, core.extents));
    } else {
      placement.arrive();
    }
    core.tell(core.world.migration(), new Migration.Settled(landed.move(), core.id));
  }

  /** What it was like in its old region does not count in the new one. */
  private void leave(Buffer.Landed landed) {
    boolean evicted = !landed.answersDemand();
    core.tell(
        core.world.regions().get(core.region),
        new Region.Left(core.id, evicted ? Region.Departure.EVICTED : Region.Departure.MOVED));
    if (evicted) {
      core.lastEvictedNanos = core.now();
      core.mapsSince = 0;
    } else {
      core.demanding = false;
    }
    core.movedBytes = landed.movedBytes();
    core.uses = UsesSince.NONE;
    core.settled = landed.settled();
  }

  /** What waited for the contents to be in place goes on. */
  void copyDone(Buffer.CopyDone done) {
    core.fences.signalKernel(done.fence());
    core.inPlaceSinceNanos = core.now();
    uses.fencesChanged();
  }

  void failed(Buffer.MoveFailed failed) {
    if (core.state == State.MOVING && core.move == failed.move()) {
      core.state = State.RESIDENT;
      core.endMoveToken();
    }
  }
}
