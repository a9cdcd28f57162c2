package org.bufferyard.actors.buffer;

import org.bufferyard.actors.buffer.BufferCore.State;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Ticket;
import org.bufferyard.allocator.Errno;

/** Pins: the buffer stays where it is for as long as an attachment holds one. */
final class PinDesk {
  private final BufferCore core;
  private final PlacementDesk placement;

  PinDesk(BufferCore core, PlacementDesk placement) {
    this.core = core;
    this.placement = placement;
  }

  void pin(Buffer.Pin pin) {
    Attachment attachment = MapDesk.own(core, pin, pin.attachment());
    if (attachment == null) {
      return;
    }
    if (core.holding()) {
      placement.hold(pin);
    } else if (core.state == State.DECLARED) {
      placement.allocateFor(pin, Ticket.OLDEST);
    } else if (!core.world.placer().serves(attachment.demand, core.region, core.extents)) {
      placement.moveFor(pin, Ticket.OLDEST);
    } else {
      attachment.pins++;
      core.updateEligible();
      pin.replyTo().tell(new Importer.Pinned(pin.header().requestId(), core.id));
    }
  }

  void unpin(Buffer.Unpin unpin) {
    Attachment attachment = MapDesk.own(core, unpin, unpin.attachment());
    if (attachment == null) {
      return;
    }
    if (attachment.pins == 0) {
      Replies.refuse(core.id, unpin, Errno.EINVAL, attachment.device + " holds no pin");
      return;
    }
    attachment.pins--;
    core.updateEligible();
    unpin.replyTo().tell(new Importer.Unpinned(unpin.header().requestId(), core.id));
  }
}
