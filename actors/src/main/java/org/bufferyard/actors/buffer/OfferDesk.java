package org.bufferyard.actors.buffer;

import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.HandleReply;
import org.bufferyard.actors.protocol.Migration;
import org.bufferyard.actors.protocol.Region;

/**
 * Contents that may be discarded rather than moved, until they are reclaimed. Model of {@code
 * madvise} of a graphics object, whose purge is sticky until then.
 */
final class OfferDesk {
  private final BufferCore core;
  private final PlacementDesk placement;

  OfferDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  void offer(Buffer.Offer offer) {
    if (core.holding()) {
      placement.hold(offer);
      return;
    }
    core.offered = true;
    core.tell(offer.replyTo(), new HandleReply.Offered(offer.header().requestId(), core.id));
  }

  void reclaim(Buffer.Reclaim reclaim) {
    if (core.holding()) {
      placement.hold(reclaim);
      return;
    }
    boolean kept = core.state != State.PURGED;
    core.offered = false;
    if (!kept) {
      core.state = State.DECLARED;
    }
    core.tell(
        reclaim.replyTo(), new HandleReply.Reclaimed(reclaim.header().requestId(), core.id, kept));
  }

  /** An eviction need not keep what was offered; a move that the buffer asked for does. */
  boolean discards() {
    return core.offered && !core.demanding;
  }

  /**
   * In place of the copy: the pages are migration's at once. Without memory the buffer is as it was
   * declared, zero when it is next allocated; what was offered has to be reclaimed first.
   */
  void purge() {
    Region.Departure why = core.givenUp ? Region.Departure.MOVED : Region.Departure.EVICTED;
    core.tell(core.world.regions().get(core.region), new Region.Left(core.id, why));
    core.tell(
        core.world.migration(),
        new Migration.Purged(core.move, core.id, core.region, core.extents));
    core.lastEvictedNanos = core.now();
    core.forgetPlacement();
    core.demanding &= !core.givenUp;
    core.state = core.offered ? State.PURGED : State.DECLARED;
    core.contents = Contents.neverWritten(core.pages);
    core.endMoveToken();
  }
}
